import { ok, refuse, type Result } from '@sluice/kernel';
import type { Freeze } from './account.js';
import type { Book } from './book.js';
import type { AccountId, Instant } from './identifiers.js';

interface FreezeAccount {
  readonly accountId: AccountId;
  /**
   * Id of the case or order behind the freeze. An account may have several freezes and is unfrozen
   * after all are lifted.
   */
  readonly freezeId: string;
  /** Reason for people to read; two freezes with different reasons can still be equal. */
  readonly reason: string;
}

export type FreezeAccountRefusal = { kind: 'account_not_found' };

/**
 * Freezes an account against new promises. A replay returns the first freeze, even after that
 * freeze was lifted: a replay does not freeze the account again.
 */
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
 * Lifts a freeze. The account stays frozen while another freeze is in force. A replay returns the
 * first lifting.
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
