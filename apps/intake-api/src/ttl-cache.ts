import { monotonicMs } from '@sluice/clock';

const TTL_MS = 10_000;
const MAX_ENTRIES = 10_000;

/**
 * Look-ups of the database, kept for ten seconds and at most ten thousand. Concurrent calls for a key share one look-up, a failure is not
 * kept, and neither is a value that was looked up before `clear`: what was revoked meanwhile must not come back.
 */
export class TtlCache<V> {
  private known = new Map<string, { readonly value: Promise<V>; readonly untilMs: number }>();

  constructor(private readonly lookUp: (key: string) => Promise<V>) {}

  get(key: string): Promise<V> {
    const known = this.known.get(key);
    if (known && known.untilMs > monotonicMs()) return known.value;
    const kept = this.known;
    const value = this.lookUp(key);
    value.catch(() => kept.delete(key));
    if (kept.size >= MAX_ENTRIES) kept.clear();
    kept.set(key, { value, untilMs: monotonicMs() + TTL_MS });
    return value;
  }

  clear(): void {
    this.known = new Map();
  }
}
