import { LRUCache } from 'lru-cache';

/** For so long an instance may go on with what it has read, also where it was not notified of a change. */
export const KEPT_MS = 10_000;

/**
 * Look-ups of the database, kept for ten seconds and at most ten thousand. Concurrent calls for a key share one look-up, a failure is not
 * kept, and neither is a value that was looked up before `clear`: what was revoked meanwhile must not come back.
 */
export function lookUpCache<V extends object | string>(lookUp: (key: string) => Promise<V>) {
  return new LRUCache<string, V>({
    max: 10_000,
    ttl: KEPT_MS,
    fetchMethod: lookUp,
    ignoreFetchAbort: true, // whoever asked before `clear` is answered
  });
}
