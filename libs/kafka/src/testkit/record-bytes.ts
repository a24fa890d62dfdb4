import { createRequire } from 'node:module';
import type { Message } from 'kafkajs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import { ByteWriter } from '../kafkajs/record-codec/byte-writer.js';
import { encodeProduce, type Produce } from '../kafkajs/record-codec/encode-records.js';

/** Position of the record batch in a `produceOf` request, and position of the time in the batch. */
export const [HEAD, TIME_AT] = [31, 27];

export function produceOf(messages: readonly Message[], firstSequence = 0): Produce {
  return {
    acks: -1,
    timeout: 30_000,
    transactionalId: null,
    topicData: [{ topic: 'notes', partitions: [{ partition: 3, firstSequence, messages }] }],
  };
}

export function responseOf(
  records: Buffer,
  { errorCode = 0, preferredReadReplica = -1 } = {},
): Buffer {
  const writer = ByteWriter.of(100);
  writer.int32(7);
  writer.int16(0);
  writer.int32(0);
  writer.int32(1);
  writer.string('notes');
  writer.int32(1);
  writer.int32(3);
  writer.int16(errorCode);
  for (const offset of [1_000_000n, 1_000_000n, 0n]) writer.int64(offset);
  writer.int32(1);
  for (const aborted of [4n, 5n]) writer.int64(aborted);
  writer.int32(preferredReadReplica);
  writer.int32(records.length);
  return Buffer.concat([writer.written(), records]);
}

const NOW = 1_795_174_353_556;
const [CHECKSUM_AT, ATTRIBUTES_AT, RECORDS_AT] = [17, 21, 61];
const CODECS = { 1: gzipSync, 4: zstdCompressSync };

export function batchOf(messages: readonly Message[], firstOffset = 0): Buffer {
  const batch = Buffer.from(encodeProduce(produceOf(messages), NOW).subarray(HEAD));
  batch.writeBigInt64BE(BigInt(firstOffset));
  return batch;
}

/** Compresses a batch's records by `change`, with a new checksum. */
export function recoded(batch: Buffer, codec: number, change: (records: Buffer) => Buffer): Buffer {
  const changed = Buffer.concat([
    batch.subarray(0, RECORDS_AT),
    change(batch.subarray(RECORDS_AT)),
  ]);
  changed.writeInt32BE(changed.length - 12, 8);
  changed.writeInt16BE(codec, ATTRIBUTES_AT);
  return sealed(changed);
}

export function compressed(batch: Buffer, codec: keyof typeof CODECS): Buffer {
  return recoded(batch, codec, (records) => CODECS[codec](records));
}

export function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CHECKSUM_AT);
  return batch;
}

type MessageSet = (of: {
  messageVersion: number;
  compression?: number;
  entries: readonly object[];
}) => { readonly buffer: Buffer };

/** Messages of the formats 0 and 1, as old clients sent them. */
export const oldMessages = createRequire(import.meta.url)(
  'kafkajs/src/protocol/messageSet/index.js',
) as MessageSet;
