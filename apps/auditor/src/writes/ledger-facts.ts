import { Amount, type Asset } from '@sluice/kernel';
import type { ledgerEvents, Message } from '@sluice/messages';
import { judgeNone, type JudgeRequest } from './request-behind.js';

export type FollowedEvent = Message<typeof ledgerEvents>;

interface Movement {
  readonly entry_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly kind: 'funding' | 'transfer';
}

export interface PlacedHold {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly digest: string | null;
  readonly venue: string | null;
  readonly placed_at: string;
  readonly requested_by: 'signature' | 'proof' | null;
}

export interface EndedHold {
  readonly withdrawal_id: string;
  readonly state: 'captured' | 'released' | 'expired';
  readonly ended_at: string;
  /** Journal entry and debit of a capture; null for every other end. */
  readonly entry_id: string | null;
  readonly account_id: string;
  readonly asset: string;
  readonly debited: string | null;
}

export interface LedgerFacts {
  readonly openings: readonly string[];
  readonly movements: readonly Movement[];
  readonly holds: readonly PlacedHold[];
  /** Account, by the public key that signed an order. */
  readonly signers: ReadonlyMap<string, string>;
  readonly venues: ReadonlyMap<string, string>;
  /** In the order of the events, because the first end of a hold counts. */
  readonly endings: readonly EndedHold[];
  /** Reversing entry and reversed entry. */
  readonly reversals: ReadonlyMap<string, string>;
}

interface Collected {
  readonly openings: string[];
  readonly movements: Movement[];
  readonly holds: PlacedHold[];
  readonly signers: Map<string, string>;
  readonly venues: Map<string, string>;
  readonly endings: EndedHold[];
  readonly reversals: Map<string, string>;
}

/** Sorts events by fact, in the order of the tables: a hold is placed before its one end. */
export function ledgerFacts(
  batch: readonly FollowedEvent[],
  judge: JudgeRequest = judgeNone,
): LedgerFacts {
  const facts: Collected = {
    openings: [],
    movements: [],
    holds: [],
    signers: new Map(),
    venues: new Map(),
    endings: [],
    reversals: new Map(),
  };
  for (const event of batch) collect(facts, event, judge);
  return facts;
}

/** Joins the facts of batches. The order of a hold's ends stays: one partition has them all. */
export function joined(batches: readonly LedgerFacts[]): LedgerFacts {
  return {
    openings: batches.flatMap(({ openings }) => openings),
    movements: batches.flatMap(({ movements }) => movements),
    holds: batches.flatMap(({ holds }) => holds),
    signers: new Map(batches.flatMap(({ signers }) => [...signers])),
    venues: new Map(batches.flatMap(({ venues }) => [...venues])),
    endings: batches.flatMap(({ endings }) => endings),
    reversals: new Map(batches.flatMap(({ reversals }) => [...reversals])),
  };
}

function collect(facts: Collected, event: FollowedEvent, judge: JudgeRequest): void {
  switch (event.type) {
    case 'ledger.account-opened.v1':
      facts.openings.push(event.data.accountId);
      return;
    case 'ledger.account-funded.v1': {
      const { accountId, asset, amount, entryId } = event.data;
      facts.movements.push({
        entry_id: entryId,
        account_id: accountId,
        asset,
        amount,
        kind: 'funding',
      });
      return;
    }
    case 'ledger.funds-transferred.v1':
      facts.movements.push(...transferred(event.data));
      return;
    case 'ledger.entry-reversed.v1':
      // a reversal of lines of the venue's fee gives no customer anything back
      if (event.data.lines !== 'venue_fee')
        facts.reversals.set(event.data.entryId, event.data.reversedEntryId);
      return;
    case 'ledger.hold-placed.v1': {
      const { withdrawalId, accountId, asset, amount, digest = null, venue = null } = event.data;
      const { by, publicKey } = judge(event.data);
      if (publicKey !== null) facts.signers.set(publicKey, accountId);
      facts.holds.push({
        withdrawal_id: withdrawalId,
        account_id: accountId,
        asset,
        amount,
        digest,
        venue,
        placed_at: event.time,
        requested_by: by,
      });
      return;
    }
    case 'ledger.hold-assigned.v1':
      facts.venues.set(event.data.withdrawalId, event.data.venue);
      return;
    case 'ledger.hold-captured.v1':
      facts.endings.push({
        ...ended(event, 'captured'),
        entry_id: event.data.entryId,
        debited: debitOf(event.data),
      });
      return;
    case 'ledger.hold-released.v1':
      facts.endings.push(ended(event, 'released'));
      return;
    case 'ledger.hold-expired.v1':
      facts.endings.push(ended(event, 'expired'));
      return;
    case 'ledger.account-frozen.v1':
    case 'ledger.account-unfrozen.v1':
    case 'ledger.hold-refused.v1':
    case 'ledger.approval-asked.v1': // a hold begins with its receipt
    case 'ledger.approval-ended.v1':
    case 'ledger.submission-started.v1':
    case 'ledger.payment-returned.v1': // counts on the statement of the connector
    case 'ledger.venue-fee-recorded.v1':
    case 'ledger.gas-recorded.v1':
    case 'ledger.gas-top-up-recorded.v1':
    case 'ledger.wallet-funded.v1':
    case 'ledger.command-refused.v1':
      return; // no customer's balance or hold changes
  }
}

type EndEvent = Extract<
  FollowedEvent,
  { type: 'ledger.hold-captured.v1' | 'ledger.hold-released.v1' | 'ledger.hold-expired.v1' }
>;

function ended(
  { data: { withdrawalId, accountId, asset }, time }: EndEvent,
  state: EndedHold['state'],
): EndedHold {
  return {
    withdrawal_id: withdrawalId,
    state,
    ended_at: time,
    entry_id: null,
    account_id: accountId,
    asset,
    debited: null,
  };
}

interface Captured {
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
}

/** The customer is debited the amount and the fee. */
function debitOf({ asset, amount, fee }: Captured): string {
  const of = asset as Asset;
  return Amount.of(amount, of).plus(Amount.of(fee, of)).toString();
}

interface Transferred {
  readonly entryId: string;
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
}

/** Accounts of the firm have no holds, and are left out. */
function transferred({ entryId, from, to, asset, amount }: Transferred): readonly Movement[] {
  return [
    { name: from, amount: negative(amount) },
    { name: to, amount },
  ].flatMap(({ name, amount: moved }): Movement[] => {
    const accountId = customerOf(name);
    return accountId === null
      ? []
      : [{ entry_id: entryId, account_id: accountId, asset, amount: moved, kind: 'transfer' }];
  });
}

const CUSTOMER = 'customer:';

function customerOf(account: string): string | null {
  return account.startsWith(CUSTOMER) ? account.slice(CUSTOMER.length) : null;
}

function negative(amount: string): string {
  return `-${amount}`;
}

/** Refusals of a command for a hold that the ledger no longer holds. */
const GIVEN_BACK: ReadonlySet<string> = new Set([
  'already_released',
  'already_expired',
  'hold_not_found',
]);

interface CommandRefusal {
  readonly command_id: string;
  readonly withdrawal_id: string;
  readonly command: string;
  readonly reason: string;
  readonly refused_at: string;
}

/** Returns the refusals which show that the ledger gave a hold back. */
export function commandRefusals(batch: readonly FollowedEvent[]): readonly CommandRefusal[] {
  return batch.flatMap((event) => {
    if (event.type !== 'ledger.command-refused.v1') return [];
    const { commandId, withdrawalId, command, reason } = event.data;
    if (withdrawalId === undefined || !GIVEN_BACK.has(reason)) return [];
    const refused = { command_id: commandId, withdrawal_id: withdrawalId, command, reason };
    return [{ ...refused, refused_at: event.time }];
  });
}

/** Refusals that follow only from a hold that is no longer placed. */
export const STORE_COMMAND_REFUSALS = `
  INSERT INTO audited_command_refusal (command_id, withdrawal_id, command, reason, refused_at)
  SELECT command_id, withdrawal_id, command, reason, refused_at
    FROM json_to_recordset($1::json) AS r(command_id text, withdrawal_id uuid, command text, reason text, refused_at timestamptz)
  ON CONFLICT DO NOTHING`;
