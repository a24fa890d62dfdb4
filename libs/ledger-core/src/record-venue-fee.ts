import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import { clearingAccount } from './chart-of-accounts.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';
import { newEntry, type VenueFee } from './journal.js';

interface RecordVenueFee {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly venue: string;
  /** Fee in the asset charged by the venue. A venue without a charge has no fee to record. */
  readonly amount: Amount;
  /**
   * Reference of a fee that replaces a reversed fee; each reference is recorded once per
   * withdrawal. Null for the first fee.
   */
  readonly reference: string | null;
}

export type RecordVenueFeeRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'venue_fee_reused'; first: VenueFee }
  | { kind: 'hold_not_captured' }
  | { kind: 'venue_mismatch' }
  | { kind: 'amount_not_positive' };

/**
 * Books the fee of the venue for a captured withdrawal; the customer's balance does not change. A
 * replay returns the first record, even after a reversal. Only one fee is in force at a time. After
 * its reversal, another fee may be recorded under a new reference.
 */
export function recordVenueFee(
  book: Book,
  cmd: RecordVenueFee,
  at: Instant,
  newId: () => string,
): Result<VenueFee, RecordVenueFeeRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  const fees = book.venueFees(cmd.withdrawalId);
  const first =
    fees.find((fee) => fee.reference === cmd.reference) ??
    fees.find((fee) => !book.reversal(fee.entryId));
  if (first) return sameFee(first, cmd) ? ok(first) : refuse({ kind: 'venue_fee_reused', first });

  if (hold.state !== 'captured') return refuse({ kind: 'hold_not_captured' });
  if (hold.venue !== cmd.venue) return refuse({ kind: 'venue_mismatch' });
  if (!cmd.amount.isPositive()) return refuse({ kind: 'amount_not_positive' });

  const { withdrawalId, accountId, venue, amount, reference } = cmd;
  const entryId = newId();
  const postings = [
    { account: clearingAccount(venue, amount.asset), amount },
    { account: `venue-fee:${venue}`, amount: amount.negated() },
  ] as const;
  const entry = newEntry('venue_fee', {
    id: entryId,
    accountId,
    withdrawalId,
    reference,
    recordedAt: at,
    postings,
  });
  return ok(
    book.recordVenueFee({ withdrawalId, reference, accountId, venue, amount, entryId }, entry),
  );
}

function sameFee(first: VenueFee, cmd: RecordVenueFee): boolean {
  return (
    first.reference === cmd.reference &&
    first.venue === cmd.venue &&
    first.amount.asset === cmd.amount.asset &&
    first.amount.equals(cmd.amount)
  );
}
