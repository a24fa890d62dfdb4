import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';

/** One row, divided into what may leave now and what has to wait. */
export interface DividedRow {
  readonly row: OutboxRow;
  readonly go: readonly OutgoingMessage[];
  readonly wait: readonly OutgoingMessage[];
}

/**
 * Messages for topics that do not exist, and those of the same withdrawals behind them: nothing overtakes what belongs before it,
 * and everything else flows past.
 */
export class SetAside {
  private missing: ReadonlySet<string> = new Set();
  private rows: OutboxRow[] = [];
  private readonly keys = new Set<string>();

  isEmpty(): boolean {
    return this.rows.length === 0;
  }

  topics(): readonly string[] {
    return [...this.missing];
  }

  /** Which topics do not exist. Answers those that were not known to be missing. */
  learn(missing: readonly string[]): readonly string[] {
    const news = missing.filter((topic) => !this.missing.has(topic));
    this.missing = new Set([...this.missing, ...news]);
    return news;
  }

  /** Changes nothing: should the sending fail, the rows are divided anew. */
  divide(rows: readonly OutboxRow[]): DividedRow[] {
    if (this.missing.size === 0 && this.keys.size === 0)
      return rows.map((row) => ({ row, go: row.messages, wait: [] }));
    const blocked = new Set(this.keys);
    return rows.map((row) => {
      const [go, wait]: [OutgoingMessage[], OutgoingMessage[]] = [[], []];
      for (const message of row.messages) {
        if (this.missing.has(message.topic)) blocked.add(message.orderingKey);
        (blocked.has(message.orderingKey) ? wait : go).push(message);
      }
      return { row, go, wait };
    });
  }

  /** Keeps what has to wait, once the rest has left. */
  keep({ row, wait }: DividedRow): void {
    this.rows.push({ ...row, messages: wait });
    for (const { orderingKey } of wait) this.keys.add(orderingKey);
  }

  /** Gives back everything, in order, to be divided by the topics that are missing still. */
  release(missing: readonly string[]): OutboxRow[] {
    this.missing = new Set(missing);
    this.keys.clear();
    return this.rows.splice(0);
  }

  /** How many messages wait for each missing topic, those behind them left out. */
  waiting(): ReadonlyMap<string, number> {
    const messages = this.rows
      .flatMap((row) => row.messages)
      .filter(({ topic }) => this.missing.has(topic));
    return new Map(
      [...Map.groupBy(messages, ({ topic }) => topic)].map(([topic, group]) => [
        topic,
        group.length,
      ]),
    );
  }
}
