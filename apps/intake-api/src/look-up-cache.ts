import { LRUCache } from 'lru-cache';

/**
 * Look-ups of the database, kept for ten seconds and at most ten thousand. Concurrent calls for a key share one look-up, a failure is not
 * kept, and neither is a value that was looked up before `clear`: what was revoked meanwhile must not come back.
 */
export function lookUpCache<V extends object | string>(lookUp: (key: string) => Promise<V>) {
  return new LRUCache<string, V>({
    max: 10_000,
    ttl: 10_000,
    fetchMethod: lookUp,
    ignoreFetchAbort: true, // whoever asked before `clear` is answered
  });
}
