import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.js';
import { CODEC_MASK, decompress } from '../compression/decompress.js';
import type { DecodedBatch, DecodedRecord } from './fetched-record.js';

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
