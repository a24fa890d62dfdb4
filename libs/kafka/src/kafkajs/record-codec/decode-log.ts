import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import {
  decodeBatch,
  type DecodedBatch,
  type DecodedRecord,
  decodeOldMessages,
  placeholder,
} from './decode-records.js';

/** Header length of every format: first offset and length of the remainder. */
const HEAD = 12;
/** Position of the format number, and the newest format. */
const [MAGIC_AT, NEWEST] = [16, 2];
/**
 * Newest format: length of an empty batch, position of the checksum, start of the covered bytes,
 * positions of the last offset delta and the producer id.
 */
const [BATCH, CHECKSUM_AT, COVERED_FROM, LAST_AT, PRODUCER_AT] = [61, 17, 21, 23, 43];
const TRANSACTIONAL = 0x10;
/**
 * Old formats: length of a message without key and value, position of the checksum, start of the
 * covered bytes.
 */
const [OLD_MESSAGE, OLD_CHECKSUM_AT, OLD_COVERED_FROM] = [26, 12, 16];

/** Requested offset in a partition's log, and start and end of the existing log. */
export interface LogPlace {
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Decodes the batches in a partition's part of a fetch. The last batch may be truncated, because a
 * fetch ends at a byte limit.
 *
 * Each batch is verified by checksum. A mismatch ends the decoding and yields a single record with
 * `broken` set. A batch with a valid checksum but undecodable content also yields a `broken`
 * record, and decoding continues.
 */
export function decodeLog(log: Buffer, place: LogPlace): DecodedRecord[] {
  const records: DecodedRecord[] = [];
  let expected = 0;
  for (let at = 0; log.length - at >= OLD_MESSAGE;) {
    const size = HEAD + log.readInt32BE(at + 8);
    if (size > log.length - at) break;
    const bytes = log.subarray(at, at + Math.max(size, OLD_MESSAGE));
    const context = contextOf(bytes, place);
    const wrong =
      size < OLD_MESSAGE ? 'its length cannot be' : wrongWith(bytes, context, expected, place);
    if (wrong !== null) {
      const stop = {
        ...context,
        nextOffset: offsetBehind(context, log.subarray(at + bytes.length), place),
      };
      records.push(
        placeholder(stop, Math.max(context.firstOffset, place.from), {
          kind: 'corrupt',
          cause: wrong,
          bytes,
        }),
      );
      return records;
    }
    read(bytes, context, records);
    expected = context.nextOffset;
    at += size;
  }
  return records;
}

function contextOf(bytes: Buffer, { start }: LogPlace): DecodedBatch {
  const firstOffset = Number(bytes.readBigInt64BE(0));
  if (bytes.readInt8(MAGIC_AT) < NEWEST || bytes.length < BATCH) {
    const none = { producerId: '-1', inTransaction: false, leaderEpoch: -1 };
    return {
      ...none,
      firstOffset,
      nextOffset: firstOffset + 1,
      checksum: bytes.readUInt32BE(OLD_CHECKSUM_AT),
      logStart: start,
    };
  }
  return {
    producerId: bytes.readBigInt64BE(PRODUCER_AT).toString(),
    inTransaction: (bytes.readInt16BE(COVERED_FROM) & TRANSACTIONAL) > 0,
    firstOffset,
    nextOffset: firstOffset + bytes.readInt32BE(LAST_AT) + 1,
    checksum: bytes.readUInt32BE(CHECKSUM_AT),
    leaderEpoch: bytes.readInt32BE(HEAD),
    logStart: start,
  };
}

/**
 * Returns the reason why a batch is corrupt, or null. Fields outside the checksum (offsets, format)
 * must fit the surrounding log.
 */
function wrongWith(
  bytes: Buffer,
  { firstOffset, nextOffset, checksum }: DecodedBatch,
  expected: number,
  { end }: LogPlace,
): string | null {
  const magic = bytes.readInt8(MAGIC_AT);
  if (magic > NEWEST || magic < 0) return `its format ${magic} is unknown`;
  if (magic === NEWEST && bytes.length < BATCH) return 'its length cannot be';
  const found =
    magic === NEWEST
      ? crc32c(bytes.subarray(COVERED_FROM))
      : crc32(bytes.subarray(OLD_COVERED_FROM));
  if (found !== checksum)
    return `the stored checksum is ${hex(checksum)}, the checksum of the bytes is ${hex(found)}`;
  if (firstOffset < expected || nextOffset <= firstOffset)
    return `the batch begins at offset ${firstOffset}, before the end of the previous batch`;
  if (end >= 0 && nextOffset > end)
    return `it ends at offset ${nextOffset}, after the end of the log at ${end}`;
  return null;
}

function read(bytes: Buffer, context: DecodedBatch, records: DecodedRecord[]): void {
  const before = records.length;
  try {
    if (bytes.readInt8(MAGIC_AT) === NEWEST) decodeBatch(bytes, context, records);
    else decodeOldMessages(bytes, context, records);
  } catch (error) {
    // all records of a batch or none: the batch is dead-lettered as a whole
    records.length = before;
    records.push(
      placeholder(context, context.nextOffset - 1, {
        kind: 'unreadable',
        cause: (error as Error).message,
        bytes,
      }),
    );
    return;
  }
  // Compaction leaves batches without records. kafkajs would request an empty batch forever, and a
  // placeholder prevents the repetition.
  if (records.length === before) records.push(placeholder(context, context.nextOffset - 1));
}

/**
 * Returns the offset to continue from after a corrupt batch. First choice: the start of the next
 * intact batch. Second choice: the end from the corrupt batch's own header, if plausible. Last
 * choice: the next offset.
 */
function offsetBehind(context: DecodedBatch, rest: Buffer, place: LogPlace): number {
  const one = Math.max(context.firstOffset, place.from) + 1;
  const size = rest.length < OLD_MESSAGE ? 0 : HEAD + rest.readInt32BE(8);
  if (size >= OLD_MESSAGE && size <= rest.length) {
    const next = contextOf(rest.subarray(0, size), place);
    if (wrongWith(rest.subarray(0, size), next, one, place) === null) return next.firstOffset;
  }
  return context.nextOffset >= one && context.nextOffset <= place.end ? context.nextOffset : one;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
