import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A batch of the log. kafkajs uses the first two fields; the others show whether the log is still the one that was consumed. */
export interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly firstOffset: number;
  /** Where the next batch begins. */
  readonly nextOffset: number;
  readonly checksum: number;
  /** The leader epoch in which it was appended: a new one means that the partition's leader has changed or restarted. */
  readonly leaderEpoch: number;
  /** Where the partition's log begins, as of this answer. */
  readonly logStart: number;
}

/** A batch whose records cannot be used. */
export interface BrokenBatch {
  /** `corrupt`: its checksum does not fit, so no byte of it can be trusted. `unreadable`: its checksum fits, and it cannot be decoded. */
  readonly kind: 'corrupt' | 'unreadable';
  /** As the end of a sentence about the batch. */
  readonly cause: string;
  readonly bytes: Buffer;
}

/** A record as kafkajs hands it on, but for its headers: they are text at once. */
export interface FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** kafkajs hands no such record on. */
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
  /** Set where this stands for a whole batch instead of a record. */
  readonly broken?: BrokenBatch;
}

/** A record that carries only an offset: of a batch that is empty, or broken. */
export function placeholder(
  batchContext: BatchContext,
  offset: number,
  broken?: BrokenBatch,
): FetchedRecord {
  const nothing = {
    magicByte: 2,
    attributes: 0,
    timestamp: '0',
    key: null,
    value: null,
    headers: {},
  };
  return {
    ...nothing,
    offset: String(offset),
    isControlRecord: broken === undefined,
    batchContext,
    ...(broken && { broken }),
  };
}

/** A message of a batch of kafkajs: what `FetchedRecord` carries is still there, and its types do not say so. */
export type FetchedMessage = KafkaMessage & Partial<Pick<FetchedRecord, 'batchContext' | 'broken'>>;
