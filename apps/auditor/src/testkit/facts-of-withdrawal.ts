import { randomUUID } from 'node:crypto';
import type { FollowedEvent } from '../writes/ledger-facts.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import type { PaymentRow } from '../venues/store-reading.js';

const ASSET = 'USDT.ETH';

interface Ordered {
  readonly venue?: string;
  /** Default: a key that no other withdrawal has. */
  readonly key?: string;
}

/** An event of the ledger, as the auditor reads it. */
export function followedEvent(type: FollowedEvent['type'], data: object): FollowedEvent {
  const built: object = { id: '1', source: 'ledger', time: new Date().toISOString(), type, data };
  return built as FollowedEvent;
}

/** Facts of a withdrawal of 5. */
export function factsOfWithdrawal({ venue: ordered = 'a', key: equal }: Ordered = {}) {
  const id = randomUUID();
  const account = randomUUID();
  const key = equal ?? `USDT 5 ${id}`;
  const of = { withdrawalId: id, accountId: account, asset: ASSET, amount: '5' };
  const event = followedEvent;
  return {
    id,
    account,
    placed: () => event('ledger.hold-placed.v1', { ...of, venue: ordered }),
    moved: (to = 'b') => event('ledger.hold-assigned.v1', { ...of, venue: to }),
    captured: () => event('ledger.hold-captured.v1', { ...of, fee: '0', entryId: `entry ${id}` }),
    released: () => event('ledger.hold-released.v1', of),
    order: (venue = ordered): AuditedOrder => ({
      withdrawal_id: id,
      venue,
      asset: ASSET,
      amount: '5',
      destination: 'd',
      equality_key: key,
      client_reference: `r ${id}`,
      ordered_at: new Date().toISOString(),
    }),
    /** A settled payment of the order. */
    payment: (change: Partial<PaymentRow> = {}): PaymentRow => ({
      venue: ordered,
      venue_reference: `payment ${id}`,
      form: 'chain',
      client_reference: `r ${id}`,
      currency: 'USDT',
      network: null,
      destination: 'd',
      net: '5',
      gross: '6',
      venue_fee: '1',
      equality_key: key,
      unlisted_key: null,
      status: 'settled',
      venue_status: 'DONE',
      tx_hash: null,
      created_at: new Date(),
      ...change,
    }),
  };
}

export type FactsOfWithdrawal = ReturnType<typeof factsOfWithdrawal>;
