import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { availableOf, outgrows } from './account.js';
import type { Book } from './book.js';
import { customerOf } from './chart-of-accounts.js';
import type { AccountId, Instant } from './identifiers.js';
import { newEntry, type JournalEntry, type Reversal } from './journal.js';

interface ReverseEntry {
  readonly accountId: AccountId;
  readonly entryId: string;
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
 * Reverses an entry by a second entry with opposite postings and the id of the first. The first
 * entry and the state of its hold stay unchanged. An entry is reversed once; a replay returns the
 * first reversal. Reversals also work on frozen accounts, because a correction makes no new
 * promise.
 */
export function reverseEntry(
  book: Book,
  cmd: ReverseEntry,
  at: Instant,
  newId: () => string,
): Result<Reversal, ReverseEntryRefusal> {
  // The reversal is remembered for longer than the entry.
  const first = book.reversal(cmd.entryId);
  if (first)
    return first.accountId === cmd.accountId ? ok(first) : refuse({ kind: 'entry_mismatch' });

  const entry = book.entry(cmd.entryId);
  if (!entry) return refuse({ kind: 'entry_not_found' });
  if (entry.accountId !== cmd.accountId) return refuse({ kind: 'entry_mismatch' });

  if (entry.kind === 'reversal' || hasReturned(book, entry))
    return refuse({ kind: 'not_reversible' });
  const available = shortOf(book, entry);
  if (available) return refuse({ kind: 'insufficient_funds', available });
  if (outgrownBy(book, entry)) return refuse({ kind: 'balance_too_large' });

  const { accountId, reason } = cmd;
  const entryId = newId();
  const postings = entry.postings.map(({ account, amount }) => ({
    account,
    amount: amount.negated(),
  }));
  const { withdrawalId } = entry;
  const reversal = newEntry('reversal', {
    id: entryId,
    accountId,
    withdrawalId,
    reverses: entry.id,
    reason,
    recordedAt: at,
    postings,
  });
  return ok(book.reverse({ accountId, reverses: entry.id, reason, entryId }, reversal));
}

/** Returns true for the capture of a returned payment: its reversal would credit the customer twice. */
function hasReturned(book: Book, { kind, withdrawalId }: JournalEntry): boolean {
  const returned = withdrawalId === null ? undefined : book.paymentReturn(withdrawalId);
  return kind === 'capture' && returned !== undefined && !book.reversal(returned.entryId);
}

/**
 * Returns the available amount if the customer's credit can no longer be taken back; otherwise
 * null.
 */
function shortOf(book: Book, entry: JournalEntry): Amount | null {
  const credit = entry.postings.find(
    ({ account, amount }) => customerOf(account) !== undefined && amount.isPositive(),
  );
  if (!credit) return null;
  const available = availableOf(book.balance(entry.accountId, credit.amount.asset));
  return available.lessThan(credit.amount) ? available : null;
}

/** Returns true if refunding the customer's debit of the entry would exceed the largest balance. */
function outgrownBy(book: Book, entry: JournalEntry): boolean {
  const [first, ...others] = entry.postings
    .filter(({ account, amount }) => customerOf(account) !== undefined && amount.isNegative())
    .map(({ amount }) => amount.negated());
  if (!first) return false;
  const credit = others.reduce((sum, amount) => sum.plus(amount), first);
  return outgrows(book.balance(entry.accountId, credit.asset), credit);
}
