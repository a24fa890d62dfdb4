import { AsyncLocalStorage } from 'node:async_hooks';

/** Value of the setting for work on behalf of all accounts. */
export const ALL_ACCOUNTS = '*';

/** Default of connections for customers: a statement without an account fails on every row. */
export const NO_ACCOUNT = 'none';

/** Account of the current request; absent outside of requests, which work for all accounts. */
const scope = new AsyncLocalStorage<string>();

/**
 * Runs work, and all calls it starts, on rows of this account only. `*` is no account here, and
 * reaches no rows.
 */
export function forAccount<T>(accountId: string, work: () => T): T {
  return scope.run(accountId === ALL_ACCOUNTS ? NO_ACCOUNT : accountId, work);
}

/**
 * Runs work for all accounts: work shared by requests (batch, cache, loop) would keep the scope of
 * its starter.
 */
export function forAllAccounts<T>(work: () => T): T {
  return scope.run(ALL_ACCOUNTS, work);
}

/** Returns the account of the current scope, and null for work on behalf of all accounts. */
export function accountInScope(): string | null {
  const account = scope.getStore() ?? ALL_ACCOUNTS;
  return account === ALL_ACCOUNTS ? null : account;
}
