import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import type { Book } from './book.js';
import { outgrows } from './account.js';
import { customerAccount } from './chart-of-accounts.js';
import type { AccountId, Instant } from './identifiers.js';
import { newEntry, type Funding } from './journal.js';

interface FundAccount {
  readonly accountId: AccountId;
  readonly amount: Amount;
  /** Reference of the external deposit; a reference funds an account only once. */
  readonly reference: string;
  /**
   * Effective time of the deposit as reported by the bank or chain; null: the recording time. Two
   * fundings with different effective times can still be equal.
   */
  readonly effectiveAt: Instant | null;
}

export type FundAccountRefusal =
  | { kind: 'reference_reused'; first: Funding }
  | { kind: 'amount_not_positive' }
  | { kind: 'account_not_found' }
  | { kind: 'balance_too_large' };

/**
 * Credits money received from outside. Replaying a reference with the same amount returns the first
 * funding.
 */
export function fundAccount(
  book: Book,
  cmd: FundAccount,
  at: Instant,
  newId: () => string,
): Result<Funding, FundAccountRefusal> {
  const first = book.funding(cmd.accountId, cmd.reference);
  if (first)
    return sameAmount(first.amount, cmd.amount)
      ? ok(first)
      : refuse({ kind: 'reference_reused', first });

  if (!cmd.amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  if (!book.account(cmd.accountId)) return refuse({ kind: 'account_not_found' });
  if (outgrows(book.balance(cmd.accountId, cmd.amount.asset), cmd.amount))
    return refuse({ kind: 'balance_too_large' });

  const { accountId, amount, reference, effectiveAt } = cmd;
  const entryId = newId();
  const postings = [
    { account: customerAccount(accountId), amount },
    { account: 'funding', amount: amount.negated() },
  ] as const;
  const entry = newEntry('funding', {
    id: entryId,
    accountId,
    reference,
    effectiveAt,
    recordedAt: at,
    postings,
  });
  return ok(book.fund({ accountId, reference, amount, entryId }, entry));
}

function sameAmount(a: Amount, b: Amount): boolean {
  return a.asset === b.asset && a.equals(b);
}
