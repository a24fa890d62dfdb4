import type { WireMessage } from '@sluice/messages';

/** A message to publish. */
export type OutgoingMessage = WireMessage;

/** All messages of one transaction, stored with it. One row, not one per message: a batch of a thousand costs one insert. */
export interface OutboxRow {
  readonly id: string;
  readonly messages: readonly OutgoingMessage[];
  /** True when this process is the row's publisher. False while an older row of the same withdrawal, written by another process, is still unpublished: a sweep adopts the row once that one is gone. */
  readonly isOwned: boolean;
  /** Ids of published rows that its transaction deletes. */
  readonly deletes?: readonly string[];
  /** Why nothing of it can be published: it is not as this program writes it. `messages` is empty then. */
  readonly fault?: string;
}
