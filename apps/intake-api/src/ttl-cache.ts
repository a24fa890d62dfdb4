import { monotonicMs } from '@sluice/clock';

const REMEMBER_MS = 10_000;
const REMEMBER_AT_MOST = 10_000;

/**
 * Answers of the database kept for a few seconds. Those who ask at the same time share one look-up, and an answer looked up
 * before `forget` is not kept after it: what was revoked meanwhile must not come back.
 */
export class Remembered<V> {
  private known = new Map<string, { readonly value: Promise<V>; readonly untilMs: number }>();

  constructor(private readonly lookUp: (key: string) => Promise<V>) {}

  get(key: string): Promise<V> {
    const known = this.known.get(key);
    if (known && known.untilMs > monotonicMs()) return known.value;
    const kept = this.known;
    const value = this.lookUp(key);
    value.catch(() => kept.delete(key));
    if (kept.size >= REMEMBER_AT_MOST) kept.clear();
    kept.set(key, { value, untilMs: monotonicMs() + REMEMBER_MS });
    return value;
  }

  forget(): void {
    this.known = new Map();
  }
}
