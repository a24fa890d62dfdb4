import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../clock/process-clock.js';

interface Waiting<I, O> {
  readonly item: I;
  readonly done: (answer: O) => void;
  readonly failed: (error: unknown) => void;
}

interface BatcherOptions<I> {
  /** Maximum size of a batch (default 500); a larger single item forms a separate batch. */
  readonly limit?: number;
  /** Returns the size of an item (default: 1). */
  readonly sizeOf?: (item: I) => number;
  /** Milliseconds between the starts of two batches, if no client waits (default 0). */
  readonly restMs?: number;
  /** True if the pause grows with the batch's duration, for awaited answers. */
  readonly restsWhenBusy?: boolean;
}

/** Answers in the order of the items; void for items without answers. */
type Answers<O> = [O] extends [void] ? void : readonly O[];

/**
 * Combines items into batches, one at a time: the next batch gathers meanwhile, and an idle system
 * adds no delay.
 */
export class Batcher<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private draining: Promise<void> | null = null;
  private rested: Promise<unknown> = Promise.resolve();
  private readonly limit: number;

  constructor(
    private readonly work: (items: readonly I[]) => Promise<Answers<O>>,
    private readonly options: BatcherOptions<I> = {},
  ) {
    this.limit = options.limit ?? 500;
  }

  /** Adds an item and returns the answer. Rejects with the error of the batch. */
  add(item: I): Promise<O> {
    return new Promise((done, failed) => this.put(item, done, failed));
  }

  /** Like `add`, for callers not waiting for an answer. */
  put(
    item: I,
    done: (answer: O) => void = ignore,
    failed: (error: unknown) => void = ignore,
  ): void {
    this.waiting.push({ item, done, failed });
    this.draining ??= this.drain();
  }

  /** Resolves when all added items have been processed. */
  async drained(): Promise<void> {
    while (this.draining) await this.draining;
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // items added in the same turn of the event loop join the batch
    while (this.waiting.length > 0) {
      await this.rested;
      if (this.options.restMs) this.rested = sleep(this.options.restMs);
      const batch = this.next();
      const sinceMs = monotonicMs();
      try {
        const answers: readonly O[] | void = await this.work(batch.map(({ item }) => item));
        if (answers && answers.length !== batch.length)
          throw new Error(`a batch answered ${answers.length} of ${batch.length} items`);
        batch.forEach(({ done }, index) => done(answers?.[index] as O));
      } catch (error) {
        batch.forEach(({ failed }) => failed(error));
      }
      if (this.options.restsWhenBusy) this.rested = sleep(restAfterMs(monotonicMs() - sinceMs));
    }
    this.draining = null;
  }

  private next(): Waiting<I, O>[] {
    const { sizeOf } = this.options;
    if (!sizeOf) return this.waiting.splice(0, this.limit);
    let size = 0;
    const count = this.waiting.findIndex(({ item }) => (size += sizeOf(item)) > this.limit);
    return this.waiting.splice(0, count === -1 ? this.waiting.length : Math.max(count, 1));
  }
}

function ignore(): void {}

interface Halving<I, O> {
  work(part: readonly I[]): Promise<readonly O[]>;
  /** True if a smaller part would fail as well: no further split. */
  isShared(error: unknown): boolean;
  /** Called with one failing item, or with a part after a shared fault; an error ends the run. */
  giveUp(part: readonly I[], error: unknown): Promise<readonly O[]> | readonly O[];
}

/** Processes a batch, and after a failure its halves in order, until the item is isolated. */
export async function inHalves<I, O>(
  batch: readonly I[],
  halving: Halving<I, O>,
): Promise<readonly O[]> {
  try {
    return await halving.work(batch);
  } catch (error) {
    if (batch.length <= 1 || halving.isShared(error)) return halving.giveUp(batch, error);
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await inHalves(batch.slice(0, middle), halving);
  return [...first, ...(await inHalves(batch.slice(middle), halving))];
}

/** A turn of this length is followed by a rest of the same length. */
const AS_LONG_MS = 10;
const MOST_MS = 20;

/**
 * Pause in ms after an awaited batch, growing with the square of its duration: more messages share
 * the next batch, and an idle machine hardly pauses.
 */
export function restAfterMs(tookMs: number): number {
  return Math.min(tookMs ** 2 / AS_LONG_MS, MOST_MS);
}
