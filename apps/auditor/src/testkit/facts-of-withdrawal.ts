import { randomUUID } from 'node:crypto';
import type { FollowedEvent } from '../writes/ledger-facts.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import type { PaymentRow } from '../venues/store-reading.js';

const ASSET = 'USDT.ETH';

/** Facts of a withdrawal of 5, whose values no other withdrawal has. */
export function factsOfWithdrawal() {
  const id = randomUUID();
  const account = randomUUID();
  const key = `USDT 5 ${id}`;
  const of = { withdrawalId: id, accountId: account, asset: ASSET, amount: '5' };
  const event = (type: FollowedEvent['type'], data: object): FollowedEvent => {
    const built: object = { id: '1', source: 'ledger', time: new Date().toISOString(), type, data };
    return built as FollowedEvent;
  };
  return {
    id,
    account,
    placed: () => event('ledger.hold-placed.v1', { ...of, venue: 'a' }),
    moved: () => event('ledger.hold-assigned.v1', { ...of, venue: 'b' }),
    captured: () => event('ledger.hold-captured.v1', { ...of, fee: '0', entryId: `entry ${id}` }),
    released: () => event('ledger.hold-released.v1', of),
    order: (venue = 'a'): AuditedOrder => ({
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
      venue: 'a',
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
