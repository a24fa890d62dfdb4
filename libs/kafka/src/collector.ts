/** One caller's messages, waiting for the batch that will carry them. */
interface Waiting<M> {
  readonly messages: readonly M[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Merges what several partitions deliver at the same time into one batch, one batch at a time: while one is being
 * committed the next one grows. A caller's messages stay together and in order.
 */
export class Collector<M> {
  private waiting: Waiting<M>[] = [];
  private running = false;

  /** `handle` gets whole callers' messages, at most about `limit` of them unless one caller brings more. */
  constructor(
    private readonly handle: (batch: readonly M[]) => Promise<void>,
    private readonly limit: number,
  ) {}

  /** Resolves when these messages have been handled, and rejects with what their batch threw. */
  add(messages: readonly M[]): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ messages, done, failed });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    await Promise.resolve(); // lets the other partitions of the same fetch arrive
    while (this.waiting.length > 0) {
      const group = this.next();
      try {
        await this.handle(group.flatMap((caller) => caller.messages));
        group.forEach((caller) => caller.done());
      } catch (error) {
        group.forEach((caller) => caller.failed(error));
      }
    }
    this.running = false;
  }

  private next(): Waiting<M>[] {
    let size = 0;
    const count = this.waiting.findIndex((caller) => (size += caller.messages.length) > this.limit);
    return this.waiting.splice(0, count === -1 ? this.waiting.length : Math.max(count, 1));
  }
}
