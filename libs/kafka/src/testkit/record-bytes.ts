import type { Message } from 'kafkajs';
import { ByteWriter } from '../wire/byte-writer.js';
import type { Produce } from '../wire/encode-records.js';

/** Where the one record batch of a request of `produceOf` begins, and where in it its time is. */
export const [HEAD, TIME_AT] = [31, 27];

/** A request to store messages in one partition. */
export function produceOf(messages: readonly Message[], firstSequence = 0): Produce {
  return {
    acks: -1,
    timeout: 30_000,
    transactionalId: null,
    topicData: [{ topic: 'notes', partitions: [{ partition: 3, firstSequence, messages }] }],
  };
}

/** The answer to a fetch that found these record batches. */
export function responseOf(records: Buffer): Buffer {
  const writer = ByteWriter.of(100);
  writer.int32(7);
  writer.int16(0);
  writer.int32(0);
  writer.int32(1);
  writer.string('notes');
  writer.int32(1);
  writer.int32(3);
  writer.int16(0);
  for (const offset of [9n, 9n, 0n]) writer.int64(offset);
  writer.int32(1);
  for (const aborted of [4n, 5n]) writer.int64(aborted);
  writer.int32(-1);
  writer.int32(records.length);
  return Buffer.concat([writer.written(), records]);
}
