import type { WireMessage } from '@sluice/messages';

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
