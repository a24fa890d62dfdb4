import type { WireMessage } from '@sluice/messages';

interface Pending {
  /** Set when the transaction is committed. */
  row: OutboxRow | null;
}

type Messages = readonly OutgoingMessage[];

/**
 * Outbox rows between COMMIT and the relay, by their messages. The answer to an earlier COMMIT of a
 * withdrawal may come later or be lost; later rows wait, because the relay needs commit order.
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

/** A message to publish. */
export type OutgoingMessage = WireMessage;

/** Signs the messages of a transaction; their number and order stay. */
export type SignMessages = (messages: readonly OutgoingMessage[]) => readonly OutgoingMessage[];

/** All messages of a transaction in one row, stored in the transaction. */
export interface OutboxRow {
  readonly id: string;
  readonly messages: readonly OutgoingMessage[];
  /**
   * False while another process's older row of the same withdrawal is unpublished: a sweep adopts
   * this row afterwards.
   */
  readonly isOwned: boolean;
  /** Ids of published rows deleted by the row's transaction. */
  readonly deletes?: readonly string[];
  /** Why the content is not in this program's format; `messages` is empty then. */
  readonly fault?: string;
}

/** Row sent to the database and not yet answered, or not yet committed. */
export interface StoringRow {
  readonly messages: readonly OutgoingMessage[];
  /** Ids of published rows deleted by the row's transaction. */
  readonly deletes: readonly string[];
  /** The database's answer to the insert. */
  readonly answer: Promise<OutboxRow>;
}
