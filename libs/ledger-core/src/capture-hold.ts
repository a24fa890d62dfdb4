import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import { clearingAccount, customerAccount } from './chart-of-accounts.js';
import type { CapturedHold, PlacedHold } from './hold.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';
import { newEntry, type Posting } from './journal.js';

export interface CaptureHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Amount paid out, credited to the clearing account of the venue. */
  readonly amount: Amount;
  /** Our fee in the same asset; may be zero. */
  readonly fee: Amount;
  readonly venue: string;
  /**
   * Effective time of the payment as reported by the venue; null: the recording time. Two captures
   * with different effective times can still be equal.
   */
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
 * Debits the customer for a proven payment and releases the remainder of the hold beyond `amount` +
 * `fee`. A replay returns the first capture.
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
