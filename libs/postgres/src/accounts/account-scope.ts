import { AsyncLocalStorage } from 'node:async_hooks';

/** Value of the setting for work on behalf of all accounts. */
export const ALL_ACCOUNTS = '*';

/** Default of connections for customers: a statement without an account fails on every row. */
export const NO_ACCOUNT = 'none';

/**
 * Account of the current request. Without a request the scope is absent, and the process works for
 * all accounts.
 */
const scope = new AsyncLocalStorage<string>();

/**
 * Runs work for a single account. Every statement of the work, and of all calls started by the
 * work, reads and changes only rows of this account. The name of all accounts is no account, so a
 * caller-supplied `*` reaches no rows.
 */
export function forAccount<T>(accountId: string, work: () => T): T {
  return scope.run(accountId === ALL_ACCOUNTS ? NO_ACCOUNT : accountId, work);
}

/**
 * Runs work for all accounts, also within the scope of an account. Work shared by several requests
 * must call this function: a batch, a cache and a loop otherwise keep the scope of the request that
 * started them.
 */
export function forAllAccounts<T>(work: () => T): T {
  return scope.run(ALL_ACCOUNTS, work);
}

/** Returns the account of the current scope, and null for work on behalf of all accounts. */
export function accountInScope(): string | null {
  const account = scope.getStore() ?? ALL_ACCOUNTS;
  return account === ALL_ACCOUNTS ? null : account;
}
