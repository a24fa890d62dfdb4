import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';

/** An outbox row split into sendable messages and deferred messages. */
export interface SplitRow {
  readonly row: OutboxRow;
  readonly sendable: readonly OutgoingMessage[];
  readonly deferred: readonly OutgoingMessage[];
}

/**
 * Messages deferred because the topic does not exist, and later messages with the same ordering
 * keys. Later messages must not overtake deferred messages; all other messages are sent.
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

  /** Records missing topics. Returns the newly missing topics. */
  addMissing(missing: readonly string[]): readonly string[] {
    const added = missing.filter((topic) => !this.missing.has(topic));
    this.missing = new Set([...this.missing, ...added]);
    return added;
  }

  /** Changes no state: after a failed send the rows are split again. */
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

  /** Parks the deferred messages of a row after the other messages are sent. */
  defer({ row, deferred }: SplitRow): void {
    this.rows.push({ ...row, messages: deferred });
    for (const { orderingKey } of deferred) this.keys.add(orderingKey);
  }

  /**
   * Removes and returns all parked rows in order for another split. `missing` lists the topics
   * still missing.
   */
  takeAll(missing: readonly string[]): OutboxRow[] {
    this.missing = new Set(missing);
    this.keys.clear();
    return this.rows.splice(0);
  }

  /**
   * Number of waiting messages for each missing topic. Messages to existing topics, deferred only
   * to keep the order, are not counted.
   */
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

/** Upper bound of a record's overhead beyond key, value and headers. */
const RECORD_OVERHEAD_BYTES = 64;

/**
 * Splits messages in order into sends of at most `limitBytes`; a larger message is sent alone. All
 * messages of a send may end up in a single record batch. A broker always rejects a batch above the
 * topic's `max.message.bytes` (default 1 MiB).
 */
export function splitIntoSends(
  messages: readonly OutgoingMessage[],
  limitBytes: number,
): OutgoingMessage[][] {
  const sends: OutgoingMessage[][] = [];
  let bytesLeft = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = sends.at(-1);
    if (last && size <= bytesLeft) last.push(message);
    else {
      sends.push([message]);
      bytesLeft = limitBytes;
    }
    bytesLeft -= size;
  }
  return sends;
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name] ?? '') + 2;
  return size;
}
