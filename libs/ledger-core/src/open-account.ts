import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import {
  type Account,
  type AccountId,
  customerAccount,
  type Freeze,
  type Instant,
  outgrows,
} from './account.js';
import type { Book } from './book.js';
import { type Funding, newEntry } from './journal.js';

interface OpenAccount {
  readonly accountId: AccountId;
  readonly name: string;
}

export type OpenAccountRefusal = { kind: 'account_id_reused'; first: Account };

/** Lets an account have balances from now on. Replaying the same command returns the account as first opened. */
export function openAccount(
  book: Book,
  cmd: OpenAccount,
  at: Instant,
): Result<Account, OpenAccountRefusal> {
  const first = book.account(cmd.accountId);
  if (first)
    return first.name === cmd.name ? ok(first) : refuse({ kind: 'account_id_reused', first });

  return ok(book.open({ id: cmd.accountId, name: cmd.name, openedAt: at, frozen: false }));
}

interface FreezeAccount {
  readonly accountId: AccountId;
  /** Id of the case or order behind the freeze; an account may have several. */
  readonly freezeId: string;
  /** Reason for people to read; two freezes with different reasons can still be equal. */
  readonly reason: string;
}

export type FreezeAccountRefusal = { kind: 'account_not_found' };

/** A replay returns the first freeze, even a lifted one, and does not freeze again. */
export function freezeAccount(
  book: Book,
  cmd: FreezeAccount,
  at: Instant,
): Result<Freeze, FreezeAccountRefusal> {
  const { accountId, freezeId, reason } = cmd;
  const first = book.freeze(accountId, freezeId);
  if (first) return ok(first);

  if (!book.account(accountId)) return refuse({ kind: 'account_not_found' });
  return ok(book.putFreeze({ accountId, freezeId, reason, frozenAt: at, liftedAt: null }));
}

type UnfreezeAccount = Pick<FreezeAccount, 'accountId' | 'freezeId'>;

export type UnfreezeAccountRefusal = { kind: 'freeze_not_found' };

/**
 * The account stays frozen while another freeze is in force. A replay returns the first lifting.
 */
export function unfreezeAccount(
  book: Book,
  cmd: UnfreezeAccount,
  at: Instant,
): Result<Freeze, UnfreezeAccountRefusal> {
  const freeze = book.freeze(cmd.accountId, cmd.freezeId);
  if (!freeze) return refuse({ kind: 'freeze_not_found' });

  return ok(freeze.liftedAt === null ? book.putFreeze({ ...freeze, liftedAt: at }) : freeze);
}

interface FundAccount {
  readonly accountId: AccountId;
  readonly amount: Amount;
  /** Reference of the external deposit; a reference funds an account only once. */
  readonly reference: string;
  /** Effective time by bank or chain; null: the recording time. Not part of equality. */
  readonly effectiveAt: Instant | null;
}

export type FundAccountRefusal =
  | { kind: 'reference_reused'; first: Funding }
  | { kind: 'amount_not_positive' }
  | { kind: 'account_not_found' }
  | { kind: 'balance_too_large' };

/** Credits outside money. A replay of the reference returns the first funding. */
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
