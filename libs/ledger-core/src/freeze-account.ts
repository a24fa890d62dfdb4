import { ok, refuse, type Result } from '@sluice/result';
import type { Freeze } from './account.js';
import type { Book } from './book.js';
import type { AccountId, Instant } from './identifiers.js';

export interface FreezeAccount {
  readonly accountId: AccountId;
  /** Of the case or order behind it. An account may be frozen for several reasons, and is free when all are lifted. */
  readonly freezeId: string;
  /** For people; not part of what makes two freezes the same. */
  readonly reason: string;
}

export type FreezeAccountRefusal = { kind: 'account_not_found' };

/** Promises nothing more from an account. Replaying it returns the first freeze, also when that was lifted since: it is not put in force again. */
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

export type UnfreezeAccount = Pick<FreezeAccount, 'accountId' | 'freezeId'>;

export type UnfreezeAccountRefusal = { kind: 'freeze_not_found' };

/** Lifts one freeze; the account stays frozen while another is in force. Replaying it returns the first lifting. */
export function unfreezeAccount(
  book: Book,
  cmd: UnfreezeAccount,
  at: Instant,
): Result<Freeze, UnfreezeAccountRefusal> {
  const freeze = book.freeze(cmd.accountId, cmd.freezeId);
  if (!freeze) return refuse({ kind: 'freeze_not_found' });

  return ok(freeze.liftedAt === null ? book.putFreeze({ ...freeze, liftedAt: at }) : freeze);
}
