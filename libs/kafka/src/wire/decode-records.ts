import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.js';

const [MAGIC, BATCH_OVERHEAD] = [2, 61];
const [COMPRESSED, APPEND_TIME, TRANSACTIONAL, CONTROL] = [0x07, 0x08, 0x10, 0x20];

/** Thrown for what kafkajs has to read itself: compressed records, and those of an old format. */
export class NotPlainError extends Error {
  override readonly name = 'NotPlainError';
}

/** A batch of records as kafkajs describes it to its filter of aborted transactions. */
interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
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
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** The body of a Fetch response, version 11, without the throttle time at its beginning. Throws NotPlainError. */
export function decodeFetch(bytes: Buffer) {
  const reader = new ByteReader(bytes);
  return {
    throttleTime: 0, // the broker leaves waiting to the client, by the next one
    clientSideThrottleTime: reader.int32(),
    errorCode: reader.int16(),
    sessionId: reader.int32(),
    responses: array(reader, () => ({ topicName: reader.string(), partitions: array(reader, () => partition(reader)) })),
  };
}

function partition(reader: ByteReader) {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: reader.int64().toString(),
    lastStableOffset: reader.int64().toString(),
    lastStartOffset: reader.int64().toString(),
    abortedTransactions: array(reader, () => ({ producerId: reader.int64().toString(), firstOffset: reader.int64().toString() })),
    preferredReadReplica: reader.int32(),
    messages: decodeRecords(reader.part(Math.max(reader.int32(), 0))),
  };
}

function array<T>(reader: ByteReader, read: () => T): T[] {
  return Array.from({ length: Math.max(reader.int32(), 0) }, read);
}

/** The last batch may be cut off: a fetch ends where its bytes end. */
function decodeRecords(reader: ByteReader): FetchedRecord[] {
  const records: FetchedRecord[] = [];
  while (reader.left >= BATCH_OVERHEAD) {
    const start = reader.at;
    const firstOffset = Number(reader.int64());
    const size = reader.int32();
    if (size > reader.left) break;
    decodeBatch(reader.part(size), firstOffset, records);
    if (reader.at <= start) break;
  }
  return records;
}

function decodeBatch(reader: ByteReader, firstOffset: number, records: FetchedRecord[]): void {
  reader.int32(); // epoch of the partition's leader
  const magicByte = reader.int8();
  if (magicByte !== MAGIC) throw new NotPlainError(`records of format ${magicByte}`);
  reader.int32(); // checksum: TCP has one, and kafkajs does not look at it either
  const attributes = reader.int16();
  if (attributes & COMPRESSED) throw new NotPlainError('compressed records');
  reader.int32(); // last offset
  const [firstTimestamp, maxTimestamp] = [Number(reader.int64()), Number(reader.int64())];
  const batchContext = { producerId: reader.int64().toString(), inTransaction: (attributes & TRANSACTIONAL) > 0 };
  reader.int16(); // epoch of the producer
  reader.int32(); // first sequence number
  const isControlRecord = (attributes & CONTROL) > 0;
  const timeOf = (delta: number) => String(attributes & APPEND_TIME ? maxTimestamp : firstTimestamp + delta);
  const names: string[] = [];
  for (let left = reader.int32(); left > 0; left--) {
    const end = reader.varInt() + reader.at;
    const record = {
      magicByte,
      attributes: reader.int8(),
      timestamp: timeOf(reader.varLong()),
      offset: String(firstOffset + reader.varInt()),
      key: reader.varBytes(),
      value: reader.varBytes(),
      headers: {},
      isControlRecord,
      batchContext,
    };
    readHeaders(reader, record.headers, names);
    reader.at = end;
    records.push(record);
  }
}

/** `names` are those of the record before: most probably the same. A name that comes twice has both values. */
function readHeaders(reader: ByteReader, headers: IHeaders, names: string[]): void {
  const count = reader.varInt();
  for (let index = 0; index < count; index++) {
    const name = reader.varTextLike(names[index]);
    const value = reader.varText() ?? '';
    names[index] = name;
    headers[name] = Object.hasOwn(headers, name) ? [headers[name] ?? '', value].flat() : value;
  }
}
