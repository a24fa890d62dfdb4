import type { OutboxRow, OutgoingMessage } from './outbox-row.js';

interface Pending {
  /** Set when the transaction is committed. */
  row: OutboxRow | null;
}

type Messages = readonly OutgoingMessage[];

/**
 * Outbox rows between COMMIT and the relay, by the messages of the row: COMMIT is sent before the
 * id of the row is known. The answer to an earlier COMMIT of a withdrawal may arrive after the
 * answer to the next COMMIT. The answer may also be lost, and proving the outcome takes long. The
 * later row waits meanwhile, because the relay must get the rows in commit order.
 */
export class CommitOrderQueue {
  /** Rows by their messages, in the order of their COMMIT statements. */
  private readonly pending = new Map<Messages, Pending>();

  constructor(private readonly relay: (row: OutboxRow) => void) {}

  committing({ messages }: Pick<OutboxRow, 'messages'>): void {
    this.pending.set(messages, { row: null });
  }

  committed(row: OutboxRow): void {
    const pending = this.pending.get(row.messages);
    if (pending) pending.row = row;
    this.release();
  }

  notCommitted({ messages }: Pick<OutboxRow, 'messages'>): void {
    if (this.pending.delete(messages)) this.release();
  }

  private release(): void {
    let waiting = [...this.pending.values()].filter(({ row }) => row !== null).length;
    const blocked = new Set<string>();
    for (const [messages, { row }] of this.pending) {
      if (waiting === 0) return;
      const keys = messages.map(({ orderingKey }) => orderingKey);
      if (row !== null) waiting--;
      if (row !== null && !keys.some((key) => blocked.has(key))) {
        this.pending.delete(messages);
        this.relay(row);
      } else keys.forEach((key) => blocked.add(key));
    }
  }
}
