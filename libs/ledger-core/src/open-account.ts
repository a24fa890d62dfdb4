import { ok, refuse, type Result } from '@sluice/kernel';
import type { Account } from './account.js';
import type { Book } from './book.js';
import type { AccountId, Instant } from './identifiers.js';

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
