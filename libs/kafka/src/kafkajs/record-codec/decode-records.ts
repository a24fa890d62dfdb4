import type { IHeaders } from 'kafkajs';
import type { BatchContext, BrokenBatch, FetchedRecord } from '../../port/record-log.js';
import { CODEC_MASK, decompress } from '../compression/decompress.js';
import { ByteReader } from './byte-reader.js';

const [MAGIC, ATTRIBUTES_AT, TIMES_AT, RECORDS_AT] = [2, 21, 27, 57];
const [APPEND_TIME, CONTROL] = [0x08, 0x20];

/**
 * Appends the records of a batch in the newest format with a valid checksum. Throws if the records
 * cannot be decoded.
 */
export function decodeBatch(
  bytes: Buffer,
  batchContext: DecodedBatch,
  records: DecodedRecord[],
): void {
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT);
  const times = new ByteReader(bytes, TIMES_AT);
  const [firstTimestamp, maxTimestamp] = [Number(times.int64()), Number(times.int64())];
  const isControlRecord = (attributes & CONTROL) > 0;
  const timeOf = (delta: number) =>
    String(attributes & APPEND_TIME ? maxTimestamp : firstTimestamp + delta);
  const reader = readerOf(bytes, attributes & CODEC_MASK);
  const names: string[] = [];
  for (let left = bytes.readInt32BE(RECORDS_AT); left > 0; left--) {
    const size = reader.varInt();
    const end = reader.at + size;
    if (size < 0 || end > reader.end)
      throw new RangeError('a record leads beyond the end of its batch');
    const record = {
      magicByte: MAGIC,
      attributes: reader.int8(),
      timestamp: timeOf(reader.varLong()),
      offset: String(batchContext.firstOffset + reader.varInt()),
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

/** Returns a reader of the records. Uncompressed records are read in place. */
function readerOf(bytes: Buffer, codec: number): ByteReader {
  return codec === 0
    ? new ByteReader(bytes, RECORDS_AT + 4)
    : new ByteReader(decompress(codec, bytes.subarray(RECORDS_AT + 4)));
}

/**
 * Reads the headers of a record. `names` holds the header names of the previous record, most
 * probably the same. A repeated name keeps both values.
 */
function readHeaders(reader: ByteReader, headers: IHeaders, names: string[]): void {
  const count = reader.varInt();
  for (let index = 0; index < count; index++) {
    const name = reader.varTextLike(names[index]);
    const value = reader.varText() ?? '';
    names[index] = name;
    headers[name] = Object.hasOwn(headers, name) ? [headers[name] ?? '', value].flat() : value;
  }
}

/** A message in an old format; the value of a compressed message contains other messages. */
interface OldMessage {
  readonly offset: number;
  readonly magic: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/**
 * Appends the content of a message in format 0 or 1 with a valid checksum. Brokers keep old
 * messages of both formats, but accept no new messages in the formats.
 */
export function decodeOldMessages(
  bytes: Buffer,
  batchContext: DecodedBatch,
  records: DecodedRecord[],
): void {
  const outer = messageAt(new ByteReader(bytes));
  const codec = outer.attributes & CODEC_MASK;
  if (codec === 0) return void records.push(recordOf(outer, outer.offset, batchContext));
  const inner: OldMessage[] = [];
  for (
    const reader = new ByteReader(decompress(codec, outer.value ?? Buffer.alloc(0)));
    reader.left > 0;
  )
    inner.push(messageAt(reader));
  // Format 1 numbers inner messages from 0; the outer message has the offset of the last inner
  // message.
  const last = inner.at(-1)?.offset ?? 0;
  for (const message of inner) {
    records.push(
      recordOf(
        message,
        outer.magic === 0 ? message.offset : outer.offset - last + message.offset,
        batchContext,
      ),
    );
  }
}

function messageAt(reader: ByteReader): OldMessage {
  const offset = Number(reader.int64());
  const part = reader.part(reader.int32());
  part.int32(); // checksum: verified for the outermost message, including all inner messages
  const [magic, attributes] = [part.int8(), part.int8()];
  if (magic !== 0 && magic !== 1)
    throw new RangeError(`a message of format ${magic} inside an old one`);
  const timestamp = magic === 1 ? part.int64().toString() : '-1';
  return { offset, magic, attributes, timestamp, key: part.bytes32(), value: part.bytes32() };
}

function recordOf(
  { magic, attributes, timestamp, key, value }: OldMessage,
  offset: number,
  batchContext: DecodedBatch,
): DecodedRecord {
  return {
    magicByte: magic,
    attributes,
    timestamp,
    offset: String(offset),
    key,
    value,
    headers: {},
    isControlRecord: false,
    batchContext,
  };
}

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
