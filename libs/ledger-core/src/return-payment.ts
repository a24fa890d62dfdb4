import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { outgrows } from './account.js';
import type { Book } from './book.js';
import { clearingAccount, customerAccount, isClearing } from './chart-of-accounts.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';
import { newEntry, type PaymentReturn } from './journal.js';

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
 * Credits the customer with a payment that came back to the venue after its capture. Our fee stays
 * charged. A payment returns once; a replay returns the first record, even after a reversal. Works
 * on frozen accounts, because a credit makes no new promise.
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
