import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import { restAfterMs } from './rest-after.js';

interface Waiting<I, O> {
  readonly item: I;
  readonly done: (answer: O) => void;
  readonly failed: (error: unknown) => void;
}

export interface BatcherOptions<I> {
  /** How large a batch may be; one item that is larger is a batch of its own. */
  readonly limit?: number;
  /** What an item counts; left out, each counts one. */
  readonly sizeOf?: (item: I) => number;
  /** Milliseconds from the beginning of one batch to that of the next, where nobody waits for the answers; 0 unless told. */
  readonly restMs?: number;
  /** Whether the rest after a batch grows with how long it took: where somebody waits for the answers, and a batch costs more than its items. */
  readonly restsWhenBusy?: boolean;
}

/** In the order of the items; nothing where they have no answers. */
type Answers<O> = [O] extends [void] ? void : readonly O[];

/**
 * Turns what arrives one by one into set-based work, one batch at a time: while one is at work the next one gathers, so an
 * idle system adds no delay and a busy one needs no round trip for each item.
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

  /** Rejects with what its batch threw. */
  add(item: I): Promise<O> {
    return new Promise((done, failed) => this.put(item, done, failed));
  }

  /** As `add`, for whoever waits for no answer. */
  put(
    item: I,
    done: (answer: O) => void = ignore,
    failed: (error: unknown) => void = ignore,
  ): void {
    this.waiting.push({ item, done, failed });
    this.draining ??= this.drain();
  }

  /** Resolves when everything added so far has been worked on. */
  async drained(): Promise<void> {
    while (this.draining) await this.draining;
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // lets what comes in the same turn of the event loop join
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
