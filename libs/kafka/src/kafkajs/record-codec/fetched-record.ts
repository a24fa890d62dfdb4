import type { IHeaders } from 'kafkajs';
import type { BatchContext, BrokenBatch, FetchedRecord } from '../../record-log.js';

/** A batch of the log, with the two fields that kafkajs looks at. */
export interface DecodedBatch extends BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/** A record as kafkajs hands it on, but for its headers: they are text at once. */
export interface DecodedRecord extends FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly headers: IHeaders;
  /** kafkajs hands no such record on. */
  readonly isControlRecord: boolean;
  readonly batchContext: DecodedBatch;
}

/** A record that carries only an offset: of a batch that is empty, or broken. */
export function placeholder(
  batchContext: DecodedBatch,
  offset: number,
  broken?: BrokenBatch,
): DecodedRecord {
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
