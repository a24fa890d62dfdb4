import type { IHeaders } from 'kafkajs';
import type { BatchContext, BrokenBatch, FetchedRecord } from '../../port/record-log.js';

/** A batch of the log with the two fields needed by kafkajs. */
export interface DecodedBatch extends BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/**
 * A record in the shape of kafkajs, except for the headers: headers are decoded to text
 * immediately.
 */
export interface DecodedRecord extends FetchedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly headers: IHeaders;
  /** kafkajs does not deliver control records. */
  readonly isControlRecord: boolean;
  readonly batchContext: DecodedBatch;
}

/** Creates a record with only an offset, for an empty or broken batch. */
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
