interface Waiting<I, O> {
  readonly item: I;
  readonly done: (answer: O) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Turns requests that arrive one by one into set-based work: while one group is at the database the next one gathers, so
 * an idle system adds no delay and a busy one needs no round trip per request. Answers come back in the order of the items.
 */
export class GroupCommit<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private running = false;

  constructor(
    private readonly work: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly limit = 500,
  ) {}

  /** Rejects with what its group threw. */
  add(item: I): Promise<O> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    await Promise.resolve(); // lets the other requests of this turn of the event loop join
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.limit);
      try {
        const answers = await this.work(group.map(({ item }) => item));
        if (answers.length !== group.length)
          throw new Error(`group commit answered ${answers.length} of ${group.length} items`);
        group.forEach(({ done }, index) => done(answers[index] as O));
      } catch (error) {
        group.forEach(({ failed }) => failed(error));
      }
    }
    this.running = false;
  }
}
