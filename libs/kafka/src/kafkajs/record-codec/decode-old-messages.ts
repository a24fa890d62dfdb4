import { ByteReader } from './byte-reader.js';
import { CODEC_MASK, decompress } from '../compression/decompress.js';
import type { DecodedBatch, DecodedRecord } from './fetched-record.js';

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
