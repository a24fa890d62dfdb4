import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import {
  type AccountId,
  availableOf,
  chartAccount,
  chartFault,
  customerOf,
  type Instant,
  outgrows,
} from './account.js';
import type { Book } from './book.js';
import {
  type JournalEntry,
  linesOf,
  newEntry,
  type Posting,
  type Reversal,
  type ReversedLines,
  type Transfer,
} from './journal.js';

interface TransferFunds {
  /**
   * A customer account on either side must be this account: an entry never touches two customers.
   */
  readonly accountId: AccountId;
  /** Debited (`from`) and credited (`to`) account of the chart, such as `clearing:<venue>`. */
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

/** Moves money between our own accounts. A replay of the reference returns the first transfer. */
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

interface ReverseEntry {
  readonly accountId: AccountId;
  readonly entryId: string;
  readonly lines: ReversedLines;
  /** Reason for people to read; two reversals with different reasons can still be equal. */
  readonly reason: string;
}

export type ReverseEntryRefusal =
  | { kind: 'entry_not_found' }
  | { kind: 'entry_mismatch' }
  | { kind: 'not_reversible' }
  | { kind: 'insufficient_funds'; available: Amount }
  | { kind: 'balance_too_large' };

/**
 * Reverses the named lines of an entry once by opposite postings, also on frozen accounts: a
 * correction makes no promise. The first entry and its hold stay unchanged. A replay returns the
 * first reversal.
 */
export function reverseEntry(
  book: Book,
  cmd: ReverseEntry,
  at: Instant,
  newId: () => string,
): Result<Reversal, ReverseEntryRefusal> {
  // The reversal is remembered for longer than the entry.
  const first = book.reversal(cmd.entryId, cmd.lines);
  if (first)
    return first.accountId === cmd.accountId ? ok(first) : refuse({ kind: 'entry_mismatch' });

  const entry = book.entry(cmd.entryId);
  if (!entry) return refuse({ kind: 'entry_not_found' });
  if (entry.accountId !== cmd.accountId) return refuse({ kind: 'entry_mismatch' });

  const { accountId, lines, reason } = cmd;
  const reversed = linesOf(entry, lines);
  if (reversed.length === 0 || entry.kind === 'reversal' || hasReturned(book, entry, lines))
    return refuse({ kind: 'not_reversible' });
  const available = shortOf(book, accountId, reversed);
  if (available) return refuse({ kind: 'insufficient_funds', available });
  if (outgrownBy(book, accountId, reversed)) return refuse({ kind: 'balance_too_large' });

  const entryId = newId();
  const postings = reversed.map(({ account, amount }) => ({ account, amount: amount.negated() }));
  const { withdrawalId } = entry;
  const reversal = newEntry('reversal', {
    id: entryId,
    accountId,
    withdrawalId,
    reference: lines,
    reverses: entry.id,
    reason,
    recordedAt: at,
    postings,
  });
  return ok(book.reverse({ accountId, reverses: entry.id, lines, reason, entryId }, reversal));
}

/** Returns true for the capture of a returned payment: its reversal would credit the customer twice. */
function hasReturned(
  book: Book,
  { kind, withdrawalId }: JournalEntry,
  lines: ReversedLines,
): boolean {
  if (kind !== 'capture' || lines !== null) return false;
  const returned = withdrawalId === null ? undefined : book.paymentReturn(withdrawalId);
  return returned !== undefined && !book.reversal(returned.entryId);
}

/** Available amount if the customer's credit can no longer be taken back, or null. */
function shortOf(book: Book, accountId: AccountId, postings: readonly Posting[]): Amount | null {
  const credit = postings.find(
    ({ account, amount }) => customerOf(account) !== undefined && amount.isPositive(),
  );
  if (!credit) return null;
  const available = availableOf(book.balance(accountId, credit.amount.asset));
  return available.lessThan(credit.amount) ? available : null;
}

/** Returns true if refunding the customer's debit would exceed the largest balance. */
function outgrownBy(book: Book, accountId: AccountId, postings: readonly Posting[]): boolean {
  const [first, ...others] = postings
    .filter(({ account, amount }) => customerOf(account) !== undefined && amount.isNegative())
    .map(({ amount }) => amount.negated());
  if (!first) return false;
  const credit = others.reduce((sum, amount) => sum.plus(amount), first);
  return outgrows(book.balance(accountId, credit.asset), credit);
}
