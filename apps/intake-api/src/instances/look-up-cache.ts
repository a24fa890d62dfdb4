import { LRUCache } from 'lru-cache';
import { forAllAccounts } from '@sluice/postgres';

/** Maximum age of cached data in an instance, even if a change notification was missed. */
export const KEPT_MS = 10_000;

/**
 * Caches look-ups for ten seconds, at most ten thousand, with one query for concurrent calls.
 * Neither failures nor values looked up before `clear` are cached: a revoked key must not return.
 */
export function lookUpCache<V extends object | string>(lookUp: (key: string) => Promise<V>) {
  return new LRUCache<string, V>({
    max: 10_000,
    ttl: KEPT_MS,
    // the requests of all accounts share the cache
    fetchMethod: (key) => forAllAccounts(() => lookUp(key)),
    ignoreFetchAbort: true, // callers waiting before `clear` still receive the value
  });
}

/** PostgreSQL notification channels between the instances of this service. */

/** Notifies about changed withdrawals; the payload is the id of the committing instance. */
export const CHANGED_CHANNEL = 'withdrawal_changed';
/** An instance has readers of changes: all instances name every changed withdrawal for a while. */
export const WANTED_CHANNEL = 'withdrawal_changes_wanted';
/** Keys, terms or routes have changed: cached look-ups are void. */
export const CONFIG_CHANNEL = 'intake_config';
