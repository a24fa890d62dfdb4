import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import {
  type AccountId,
  clearingAccount,
  customerAccount,
  type Instant,
  isClearing,
  outgrows,
  type WithdrawalId,
} from './account.js';
import type { Book } from './book.js';
import type { CapturedHold, ExpiredHold, ReleasedHold } from './hold.js';
import { newEntry, type PaymentReturn } from './journal.js';

interface ReleaseHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** Reason for people to read; two releases with different reasons can still be equal. */
  readonly reason: string;
  /** True if the assigned venue has proven that nothing moved; needless without a venue. */
  readonly isProven?: boolean;
  /** Proof of the assigned venue, stored with the release. */
  readonly proof?: string | undefined;
}

export type ReleaseHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured'; first: CapturedHold }
  | { kind: 'already_expired' }
  | { kind: 'not_proven' };

/** Releases a hold after proof of no money movement. A replay returns the first release. */
export function releaseHold(
  book: Book,
  cmd: ReleaseHold,
  at: Instant,
): Result<ReleasedHold, ReleaseHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state === 'released') return ok(hold);
  if (hold.state === 'captured') return refuse({ kind: 'already_captured', first: hold });
  if (hold.state === 'expired') return refuse({ kind: 'already_expired' });
  if (hold.assignedTo !== null && cmd.isProven !== true) return refuse({ kind: 'not_proven' });

  const { expiresAt: _due, ...rest } = hold;
  const { reason, proof = null } = cmd;
  return ok(book.closeUnpaid({ ...rest, state: 'released', reason, proof, closedAt: at }));
}

interface ExpireHold {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  /** False if the hold was placed without an expiry time. */
  readonly isExpirable?: boolean;
}

export type ExpireHoldRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_captured' }
  | { kind: 'already_released' }
  | { kind: 'not_expirable' }
  | { kind: 'not_due' };

/** Releases an expired hold without a started submission. A replay returns the first expiry. */
export function expireHold(
  book: Book,
  cmd: ExpireHold,
  at: Instant,
): Result<ExpiredHold, ExpireHoldRefusal> {
  const hold = book.hold(cmd.withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== cmd.accountId) return refuse({ kind: 'hold_mismatch' });
  if (hold.state === 'expired') return ok(hold);
  if (hold.state !== 'placed') return refuse({ kind: `already_${hold.state}` });
  if (hold.expiresAt === null || cmd.isExpirable === false)
    return refuse({ kind: 'not_expirable' });
  if (at < hold.expiresAt) return refuse({ kind: 'not_due' });

  const { expiresAt: _due, ...rest } = hold;
  return ok(book.closeUnpaid({ ...rest, state: 'expired', closedAt: at }));
}

interface ReturnPayment {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly venue: string;
  /** Amount that came back to the venue; at most the amount of the capture. */
  readonly amount: Amount;
  /** True if the venue with the payment has proven this return. */
  readonly isProven: boolean;
}

export type ReturnPaymentRefusal =
  | { kind: 'hold_not_found' }
  | { kind: 'hold_mismatch' }
  | { kind: 'already_returned'; first: PaymentReturn }
  | { kind: 'hold_not_captured' }
  | { kind: 'venue_mismatch' }
  | { kind: 'not_returnable' }
  | { kind: 'not_proven' }
  | { kind: 'amount_not_positive' }
  | { kind: 'exceeds_payment'; paid: Amount }
  /** People have taken the capture back: the customer has the money already. */
  | { kind: 'capture_reversed' }
  | { kind: 'balance_too_large' };

/**
 * Credits a payment that came back after its capture, without our fee, also on frozen accounts. A
 * payment returns once; a replay returns the first record.
 */
export function returnPayment(
  book: Book,
  cmd: ReturnPayment,
  at: Instant,
  newId: () => string,
): Result<PaymentReturn, ReturnPaymentRefusal> {
  const { withdrawalId, accountId, venue, amount } = cmd;
  const hold = book.hold(withdrawalId);
  if (!hold || hold.state === 'refused') return refuse({ kind: 'hold_not_found' });
  if (hold.accountId !== accountId || hold.amount.asset !== amount.asset)
    return refuse({ kind: 'hold_mismatch' });
  const first = book.paymentReturn(withdrawalId);
  if (first) return same(first, cmd) ? ok(first) : refuse({ kind: 'already_returned', first });

  if (hold.state !== 'captured') return refuse({ kind: 'hold_not_captured' });
  if (hold.venue !== venue) return refuse({ kind: 'venue_mismatch' });
  const clearing = clearingAccount(venue, amount.asset);
  if (!isClearing(clearing)) return refuse({ kind: 'not_returnable' });
  if (!cmd.isProven) return refuse({ kind: 'not_proven' });
  if (!amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  if (hold.captured.lessThan(amount))
    return refuse({ kind: 'exceeds_payment', paid: hold.captured });
  if (book.reversal(hold.entryId)) return refuse({ kind: 'capture_reversed' });
  if (outgrows(book.balance(accountId, amount.asset), amount))
    return refuse({ kind: 'balance_too_large' });

  const entryId = newId();
  const entry = newEntry('return', {
    id: entryId,
    accountId,
    withdrawalId,
    recordedAt: at,
    postings: [
      { account: customerAccount(accountId), amount },
      { account: clearing, amount: amount.negated() },
    ],
  });
  return ok(book.returnPayment({ withdrawalId, accountId, venue, amount, entryId }, entry));
}

function same(first: PaymentReturn, { venue, amount }: ReturnPayment): boolean {
  return first.venue === venue && first.amount.equals(amount);
}
