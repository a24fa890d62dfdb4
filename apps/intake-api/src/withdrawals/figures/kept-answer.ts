import { forAllAccounts } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';

const KEPT_FOR_MS = 3_000;
/** An answer is kept for this many times the time of its reading. */
const TIMES_AS_LONG = 10;

/** Answer for all readers of this process: read at most once in some seconds, and at most a tenth of the time. */
export class KeptAnswer<T> {
  private last: { readonly value: T; readonly until: number } | null = null;
  private reading: Promise<T> | null = null;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly now: () => number = monotonicMs,
  ) {}

  get(): Promise<T> {
    if (this.last !== null && this.now() < this.last.until) return Promise.resolve(this.last.value);
    this.reading ??= forAllAccounts(() => this.readOnce()).finally(() => (this.reading = null));
    return this.reading;
  }

  private async readOnce(): Promise<T> {
    const from = this.now();
    const value = await this.read();
    const took = this.now() - from;
    this.last = { value, until: this.now() + Math.max(KEPT_FOR_MS, took * TIMES_AS_LONG) };
    return value;
  }
}
