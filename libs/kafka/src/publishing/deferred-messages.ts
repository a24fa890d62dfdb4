import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';

export interface SplitRow {
  readonly row: OutboxRow;
  readonly sendable: readonly OutgoingMessage[];
  readonly deferred: readonly OutgoingMessage[];
}

/** Messages to a missing topic, and later messages with the same keys, which must not overtake. */
export class DeferredMessages {
  private missing: ReadonlySet<string> = new Set();
  private rows: OutboxRow[] = [];
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

  defer({ row, deferred }: SplitRow): void {
    this.rows.push({ ...row, messages: deferred });
    for (const { orderingKey } of deferred) this.keys.add(orderingKey);
  }

  /** Returns all parked rows in order for another split; `missing`: topics still missing. */
  takeAll(missing: readonly string[]): OutboxRow[] {
    this.missing = new Set(missing);
    this.keys.clear();
    return this.rows.splice(0);
  }

  /** Waiting messages by missing topic, without those deferred only for their order. */
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
 * Sends of at most `limitBytes`, in order; a larger message alone. A broker rejects a batch above
 * `max.message.bytes` (default 1 MiB).
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
