import { crc32c } from '@node-rs/crc32';
import type { IHeaders, Message } from 'kafkajs';
import { ByteWriter } from './byte-writer.js';

const [MAGIC, TRANSACTIONAL] = [2, 0x10];
/**
 * Bytes at the start of a batch: not counted by the length (before `partitionLeaderEpoch`), and not
 * covered by the checksum.
 */
const [UNCOUNTED, UNCOVERED] = [12, 21];

/** Arguments of kafkajs' encoder of a Produce request. */
export interface Produce {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly PartitionRecords[];
  }[];
}

interface PartitionRecords {
  readonly partition: number;
  readonly firstSequence?: number;
  readonly messages: readonly Message[];
}

/**
 * True if `encodeProduce` can write the request: uncompressed records without explicit timestamps.
 */
export function isPlain({ compression, topicData }: Produce): boolean {
  return (
    !compression &&
    topicData.every(({ partitions }) =>
      partitions.every(({ messages }) =>
        messages.every((message) => message.timestamp === undefined),
      ),
    )
  );
}

/** The body of a Produce request, versions 3 to 7. */
export function encodeProduce(request: Produce, now: number): Buffer {
  const writer = ByteWriter.of(sizeHint(request));
  writer.string(request.transactionalId ?? null);
  writer.int16(request.acks);
  writer.int32(request.timeout);
  writer.int32(request.topicData.length);
  for (const { topic, partitions } of request.topicData) {
    writer.string(topic);
    writer.int32(partitions.length);
    for (const records of partitions) {
      writer.int32(records.partition);
      const size = writer.at;
      writer.int32(0);
      writeBatch(writer, records, request, now);
      writer.patchInt32(size, writer.at - size - 4);
    }
  }
  return writer.written();
}

function writeBatch(
  writer: ByteWriter,
  { firstSequence, messages }: PartitionRecords,
  request: Produce,
  now: number,
): void {
  const start = writer.at;
  writer.int64(0n); // first offset: the broker's to say
  writer.int32(0); // length, below
  writer.int32(0); // epoch of the partition's leader
  writer.int8(MAGIC);
  writer.int32(0); // checksum, below
  writer.int16(request.transactionalId ? TRANSACTIONAL : 0);
  writer.int32(messages.length - 1);
  writer.int64(BigInt(now));
  writer.int64(BigInt(now));
  writer.int64(idOf(request.producerId));
  writer.int16(request.producerEpoch ?? 0);
  writer.int32(firstSequence ?? 0);
  writer.int32(messages.length);
  messages.forEach((message, index) => writer.varSized(() => writeRecord(writer, message, index)));
  writer.patchInt32(start + UNCOUNTED - 4, writer.at - start - UNCOUNTED);
  writer.patchInt32(start + UNCOVERED - 4, crc32c(writer.written(start + UNCOVERED)));
}

function writeRecord(
  writer: ByteWriter,
  { key, value, headers = {} }: Message,
  index: number,
): void {
  writer.int8(0); // attributes: none exist
  writer.varInt(0); // time since the batch's
  writer.varInt(index);
  writer.varBytes(key);
  writer.varBytes(value);
  writer.varInt(countOf(headers));
  for (const name in headers) {
    const value = headers[name];
    for (const text of Array.isArray(value) ? value : [value]) {
      writer.varBytes(name);
      writer.varBytes(text);
    }
  }
}

function countOf(headers: IHeaders): number {
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    count += Array.isArray(value) ? value.length : 1;
  }
  return count;
}

/** kafkajs keeps a producer's id as text, number or a bigint in an object. */
function idOf(id: unknown): bigint {
  if (id === undefined || id === null) return -1n;
  if (typeof id === 'object' && 'value' in id) return BigInt(String(id.value));
  return BigInt(String(id));
}

/** Estimates the size in characters, not bytes: non-ASCII text makes the buffer grow. */
function sizeHint({ topicData }: Produce): number {
  let size = 128;
  for (const { partitions } of topicData) {
    for (const { messages } of partitions) {
      size += 128;
      for (const message of messages) size += recordHint(message);
    }
  }
  return size;
}

function recordHint({ key, value, headers }: Message): number {
  let size = 32 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0) + 4;
  return size;
}
