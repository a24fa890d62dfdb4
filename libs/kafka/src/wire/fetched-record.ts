import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A batch as it lies in the log. kafkajs looks at the first two fields; the others tell whether the log is still the one we know. */
export interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly firstOffset: number;
  /** Where the next batch begins. */
  readonly nextOffset: number;
  readonly checksum: number;
  /** The term of the partition's leader under which it was appended: another one means that a broker has come or gone. */
  readonly leaderEpoch: number;
  /** Where the partition's log begins, as of this answer. */
  readonly logStart: number;
}

/** A batch that gives no records. */
export interface BrokenBatch {
  /** `corrupt`: its checksum does not fit, so nothing of it can be believed. `unreadable`: it is as it was sent, and nobody can read it. */
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

/** One that carries only where it is: of a batch that is empty, or broken. */
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
