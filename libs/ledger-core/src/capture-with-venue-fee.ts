import { type Amount, ok, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import { captureHold, type CaptureHold, type CaptureHoldRefusal } from './capture-hold.js';
import type { CapturedHold } from './hold.js';
import type { Instant, WithdrawalId } from './identifiers.js';
import type { VenueFee } from './journal.js';
import { recordVenueFee } from './record-venue-fee.js';

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
 * Captures a hold and books the venue's fee, as two entries of one step: either may be reversed
 * without the other. A replay books nothing and returns the first fee, if the fee is the same. The
 * fee is never a reason to refuse the capture: the payment has been made.
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
