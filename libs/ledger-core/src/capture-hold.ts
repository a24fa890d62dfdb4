import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import {
  type AccountId,
  clearingAccount,
  customerAccount,
  type Instant,
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
 * Debits a proven payment and releases the rest beyond `amount` + `fee`. A replay returns the first
 * capture.
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
  const captured: CapturedHold = {
    ...rest,
    state: 'captured',
    captured: amount,
    fee,
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
    postings: postingsOf(cmd),
  });
  return book.capture(captured, entry);
}

function postingsOf({ accountId, amount, fee, venue }: CaptureHold): readonly Posting[] {
  const customer: Posting = {
    account: customerAccount(accountId),
    amount: amount.plus(fee).negated(),
  };
  const clearing: Posting = { account: clearingAccount(venue, amount.asset), amount };
  return fee.isZero()
    ? [customer, clearing]
    : [customer, clearing, { account: 'fee-income', amount: fee }];
}

interface CaptureWithVenueFee extends CaptureHold {
  /** The venue's fee in the asset of the hold; null if no fee is known. */
  readonly venueFee: Amount | null;
}

interface CapturedWithVenueFee {
  readonly hold: CapturedHold;
  /** The booked fee; null if the capture has booked no such fee. */
  readonly venueFee: VenueFee | null;
}

/**
 * Captures, and books the venue's fee as an entry of its own. A replay books nothing and returns
 * the same fee. The fee never refuses the capture: the payment has been made.
 */
export function captureWithVenueFee(
  book: Book,
  cmd: CaptureWithVenueFee,
  at: Instant,
  newId: () => string,
): Result<CapturedWithVenueFee, CaptureHoldRefusal> {
  const isReplay = book.hold(cmd.withdrawalId)?.state !== 'placed';
  const captured = captureHold(book, cmd, at, newId);
  if (!captured.ok) return captured;
  const { venueFee: amount, withdrawalId, accountId, venue } = cmd;
  const hold = captured.value;
  if (amount === null || (isReplay && !hasFirstFee(book, withdrawalId)))
    return ok({ hold, venueFee: null });
  const fee = { withdrawalId, accountId, venue, amount, reference: null };
  const recorded = recordVenueFee(book, fee, at, newId);
  return ok({ hold, venueFee: recorded.ok ? recorded.value : null });
}

function hasFirstFee(book: Book, withdrawalId: WithdrawalId): boolean {
  return book.venueFees(withdrawalId).some(({ reference }) => reference === null);
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
 * Books the venue's fee for a captured withdrawal, not from the customer. One fee is in force at a
 * time; after its reversal another needs a new reference. A replay returns the first record.
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
