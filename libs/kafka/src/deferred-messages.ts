import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';

/** One outbox row, split into the messages that may be sent now and those that have to wait. */
export interface SplitRow {
  readonly row: OutboxRow;
  readonly sendable: readonly OutgoingMessage[];
  readonly deferred: readonly OutgoingMessage[];
}

/**
 * Messages for topics that do not exist, and those with the same ordering keys behind them, which must not overtake them; all others
 * are sent.
 */
export class DeferredMessages {
  private missing: ReadonlySet<string> = new Set();
  private rows: OutboxRow[] = [];
  /** Ordering keys of the deferred messages. */
  private readonly keys = new Set<string>();

  isEmpty(): boolean {
    return this.rows.length === 0;
  }

  missingTopics(): readonly string[] {
    return [...this.missing];
  }

  /** Notes topics that do not exist. Returns those that were not known to be missing. */
  addMissing(missing: readonly string[]): readonly string[] {
    const added = missing.filter((topic) => !this.missing.has(topic));
    this.missing = new Set([...this.missing, ...added]);
    return added;
  }

  /** Changes nothing: should the send fail, the rows are split again. */
  split(rows: readonly OutboxRow[]): SplitRow[] {
    if (this.missing.size === 0 && this.keys.size === 0)
      return rows.map((row) => ({ row, sendable: row.messages, deferred: [] }));
    const blocked = new Set(this.keys);
    return rows.map((row) => {
      const [sendable, deferred]: [OutgoingMessage[], OutgoingMessage[]] = [[], []];
      for (const message of row.messages) {
        if (this.missing.has(message.topic)) blocked.add(message.orderingKey);
        (blocked.has(message.orderingKey) ? deferred : sendable).push(message);
      }
      return { row, sendable, deferred };
    });
  }

  /** Parks the messages that have to wait, once the rest of the row is sent. */
  defer({ row, deferred }: SplitRow): void {
    this.rows.push({ ...row, messages: deferred });
    for (const { orderingKey } of deferred) this.keys.add(orderingKey);
  }

  /** Takes out all rows, in order, to be split again; `missing` are the topics that still do not exist. */
  takeAll(missing: readonly string[]): OutboxRow[] {
    this.missing = new Set(missing);
    this.keys.clear();
    return this.rows.splice(0);
  }

  /** How many messages wait for each missing topic, without those deferred behind them. */
  countByTopic(): ReadonlyMap<string, number> {
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
