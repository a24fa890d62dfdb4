import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import {
  type AccountId,
  clearingAccount,
  customerAccount,
  type Instant,
  venueFeeAccount,
  type WithdrawalId,
} from './account.js';
import type { CapturedHold, PlacedHold } from './hold.js';
import { newEntry, type Posting, type VenueFee } from './journal.js';

interface CaptureHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Amount paid out, credited to the clearing account of the venue. */
  readonly amount: Amount;
  /** Our fee in the same asset; may be zero. */
  readonly fee: Amount;
  readonly venue: string;
  /** The venue's fee in the asset of the hold; null if no fee is known. Not part of equality. */
  readonly venueFee?: Amount | null;
  /** Effective time by the venue; null: the recording time. Not part of equality. */
  readonly effectiveAt: Instant | null;
  /** True while people have not approved the payment. */
  readonly isAwaiting?: boolean;
}

export type CaptureHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured'; first: CapturedHold }
  | { kind: 'already_released' }
  | { kind: 'already_expired' }
  | { kind: 'assigned_elsewhere' }
  /** The payment needs people, and they have not approved it. */
  | { kind: 'not_approved' }
  | { kind: 'amount_not_positive' }
  | { kind: 'exceeds_hold'; held: Amount };

/**
 * Debits a proven payment, books the venue's fee in the same entry, and releases the rest beyond
 * `amount` + `fee`. A replay returns the first capture. The venue's fee never refuses the capture:
 * the payment has been made.
 */
export function captureHold(
  book: Book,
  cmd: CaptureHold,
  at: Instant,
  newId: () => string,
): Result<CapturedHold, CaptureHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId || hold.amount.asset !== cmd.amount.asset)
    return refuse({ kind: 'hold_mismatch' });
  if (hold.state === 'captured')
    return sameCapture(hold, cmd) ? ok(hold) : refuse({ kind: 'already_captured', first: hold });
  if (hold.state === 'released') return refuse({ kind: 'already_released' });
  if (hold.state === 'expired') return refuse({ kind: 'already_expired' });
  if (hold.assignedTo !== null && hold.assignedTo !== cmd.venue)
    return refuse({ kind: 'assigned_elsewhere' });
  if (cmd.isAwaiting === true) return refuse({ kind: 'not_approved' });

  if (!cmd.amount.isPositive() || cmd.fee.isNegative())
    return refuse({ kind: 'amount_not_positive' });
  if (hold.amount.lessThan(cmd.amount.plus(cmd.fee)))
    return refuse({ kind: 'exceeds_hold', held: hold.amount });

  return ok(capture(book, hold, cmd, at, newId()));
}

function sameCapture(hold: CapturedHold, cmd: CaptureHold): boolean {
  return hold.captured.equals(cmd.amount) && hold.fee.equals(cmd.fee) && hold.venue === cmd.venue;
}

function capture(
  book: Book,
  hold: PlacedHold,
  cmd: CaptureHold,
  at: Instant,
  entryId: string,
): CapturedHold {
  const { withdrawalId, accountId, amount, fee, venue, effectiveAt } = cmd;
  const { expiresAt: _due, ...rest } = hold;
  const venueFee = cmd.venueFee?.isPositive() === true ? cmd.venueFee : null;
  const captured: CapturedHold = {
    ...rest,
    state: 'captured',
    captured: amount,
    fee,
    venueFee,
    venue,
    entryId,
    closedAt: at,
  };
  const entry = newEntry('capture', {
    id: entryId,
    accountId,
    withdrawalId,
    effectiveAt,
    recordedAt: at,
    postings: postingsOf(captured),
  });
  return book.capture(captured, entry);
}

/** The lines of the venue's fee come last. */
function postingsOf({
  accountId,
  captured,
  fee,
  venueFee,
  venue,
}: CapturedHold): readonly Posting[] {
  const clearing = clearingAccount(venue, captured.asset);
  return [
    { account: customerAccount(accountId), amount: captured.plus(fee).negated() },
    { account: clearing, amount: captured },
    ...(fee.isZero() ? [] : [{ account: 'fee-income', amount: fee } as const]),
    ...(venueFee ? feePostings(venue, venueFee) : []),
  ];
}

function feePostings(venue: string, amount: Amount): readonly Posting[] {
  return [
    { account: clearingAccount(venue, amount.asset), amount },
    { account: venueFeeAccount(venue), amount: amount.negated() },
  ];
}

/** Returns the first fee of a captured withdrawal if it is the fee of this command; null otherwise. */
export function bookedFee(
  book: Book,
  { withdrawalId, venue, venueFee: amount = null }: CaptureHold,
): VenueFee | null {
  const first = book.venueFees(withdrawalId).find(({ reference }) => reference === null);
  return first && amount && sameFee(first, { venue, amount, reference: null }) ? first : null;
}

interface RecordVenueFee {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly venue: string;
  /** Fee in the asset charged by the venue. A venue without a charge has no fee to record. */
  readonly amount: Amount;
  /**
   * Reference of a fee that replaces a reversed one, once per withdrawal; null for the first fee.
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
 * Books the venue's fee for a captured withdrawal, not from the customer, if the capture did not.
 * One fee is in force at a time; after its reversal another needs a new reference. A replay returns
 * the first record.
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
    fees.find((fee) => !book.isReversed(fee));
  if (first) return sameFee(first, cmd) ? ok(first) : refuse({ kind: 'venue_fee_reused', first });

  if (hold.state !== 'captured') return refuse({ kind: 'hold_not_captured' });
  if (hold.venue !== cmd.venue) return refuse({ kind: 'venue_mismatch' });
  if (!cmd.amount.isPositive()) return refuse({ kind: 'amount_not_positive' });

  const { withdrawalId, accountId, venue, amount, reference } = cmd;
  const entryId = newId();
  const entry = newEntry('venue_fee', {
    id: entryId,
    accountId,
    withdrawalId,
    reference,
    recordedAt: at,
    postings: feePostings(venue, amount),
  });
  return ok(
    book.recordVenueFee({ withdrawalId, reference, accountId, venue, amount, entryId }, entry),
  );
}

function sameFee(
  first: VenueFee,
  cmd: Pick<RecordVenueFee, 'venue' | 'amount' | 'reference'>,
): boolean {
  return (
    first.reference === cmd.reference &&
    first.venue === cmd.venue &&
    first.amount.asset === cmd.amount.asset &&
    first.amount.equals(cmd.amount)
  );
}
