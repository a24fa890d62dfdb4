import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { availableOf, outgrows } from './account.js';
import type { Book } from './book.js';
import { chartAccount, chartFault, customerOf } from './chart-of-accounts.js';
import type { AccountId, Instant } from './identifiers.js';
import { newEntry, type Transfer } from './journal.js';

interface TransferFunds {
  /**
   * Account concerned by the transfer. A customer account on either side must be this account,
   * because an entry never touches two customers.
   */
  readonly accountId: AccountId;
  /**
   * Debited account (`from`) and credited account (`to`) of the chart, for example
   * `clearing:<venue>`.
   */
  readonly from: string;
  readonly to: string;
  readonly amount: Amount;
  /** A reference makes a single transfer per account. */
  readonly reference: string;
}

export type TransferFundsRefusal =
  | { kind: 'reference_reused'; first: Transfer }
  | { kind: 'amount_not_positive' }
  | { kind: 'not_transferable' }
  | { kind: 'account_not_found' }
  | { kind: 'account_frozen' }
  | { kind: 'insufficient_funds'; available: Amount }
  | { kind: 'balance_too_large' };

/**
 * Moves money between our own accounts. Replaying a reference with the same transfer returns the
 * first transfer.
 */
export function transferFunds(
  book: Book,
  cmd: TransferFunds,
  at: Instant,
  newId: () => string,
): Result<Transfer, TransferFundsRefusal> {
  const first = book.transfer(cmd.accountId, cmd.reference);
  if (first)
    return sameTransfer(first, cmd) ? ok(first) : refuse({ kind: 'reference_reused', first });

  if (!cmd.amount.isPositive()) return refuse({ kind: 'amount_not_positive' });
  const [from, to] = [chartAccount(cmd.from), chartAccount(cmd.to)];
  if (!from || !to || !transferable(cmd)) return refuse({ kind: 'not_transferable' });
  const refusal = accountRefusal(book, cmd);
  if (refusal) return refuse(refusal);

  const { accountId, reference, amount } = cmd;
  const entryId = newId();
  const postings = [
    { account: from, amount: amount.negated() },
    { account: to, amount },
  ];
  const entry = newEntry('transfer', {
    id: entryId,
    accountId,
    reference,
    recordedAt: at,
    postings,
  });
  return ok(book.recordTransfer({ accountId, reference, from, to, amount, entryId }, entry));
}

function sameTransfer(first: Transfer, cmd: TransferFunds): boolean {
  return (
    first.from === cmd.from &&
    first.to === cmd.to &&
    first.amount.asset === cmd.amount.asset &&
    first.amount.equals(cmd.amount)
  );
}

function transferable({ accountId, from, to }: TransferFunds): boolean {
  const customers = [from, to].flatMap((account) => customerOf(account) ?? []);
  if (from === to || customers.some((customer) => customer !== accountId)) return false;
  return (
    chartFault('transfer', from, 'debit') === null && chartFault('transfer', to, 'credit') === null
  );
}

/** A freeze keeps money from leaving the account, not from arriving. */
function accountRefusal(
  book: Book,
  { accountId, from, to, amount }: TransferFunds,
): TransferFundsRefusal | null {
  const account = book.account(accountId);
  if (!account) return { kind: 'account_not_found' };
  const balance = book.balance(accountId, amount.asset);
  if (customerOf(from) === undefined)
    return customerOf(to) !== undefined && outgrows(balance, amount)
      ? { kind: 'balance_too_large' }
      : null;
  if (account.frozen) return { kind: 'account_frozen' };
  const available = availableOf(balance);
  return available.lessThan(amount) ? { kind: 'insufficient_funds', available } : null;
}
