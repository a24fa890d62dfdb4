import type { WireMessage } from '@sluice/messages';

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

/** A message to publish. */
export type OutgoingMessage = WireMessage;

/** Signs the messages of a transaction; their number and order stay. */
export type SignMessages = (messages: readonly OutgoingMessage[]) => readonly OutgoingMessage[];

/**
 * All messages of a transaction, stored in the same transaction as a single row. A batch of a
 * thousand messages costs a single insert.
 */
export interface OutboxRow {
  readonly id: string;
  readonly messages: readonly OutgoingMessage[];
  /**
   * True if this process is the row's publisher. False while an older row of the same withdrawal by
   * another process is unpublished: a sweep adopts this row after the older row is gone.
   */
  readonly isOwned: boolean;
  /** Ids of published rows deleted by the row's transaction. */
  readonly deletes?: readonly string[];
  /**
   * Reason why the row cannot be published: the content is not in the format of this program.
   * `messages` is empty in this case.
   */
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
