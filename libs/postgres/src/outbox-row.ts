import type { WireMessage } from '@sluice/messages';

/** A message to publish. `encoding` is set on a replayed value that is not text: `value` then is its bytes in base64. */
export interface OutgoingMessage extends WireMessage {
  readonly encoding?: 'base64';
}

/** All messages of one transaction, stored with it. One row, not one per message: a batch of a thousand costs one insert. */
export interface OutboxRow {
  readonly id: string;
  readonly messages: readonly OutgoingMessage[];
  /** True when this process is the row's publisher. False while an older row of the same withdrawal, written by another process, is still unpublished: a sweep adopts the row once that one is gone. */
  readonly isOwned: boolean;
}
