import { crc32c } from '@node-rs/crc32';
import type { KafkaMessage } from 'kafkajs';
import type { BatchContext, FetchedRecord } from '../record-log.js';
import type { RecordCodec } from './choose-record-codec.js';

/** The head of a batch, as kafkajs 2.2.4 leaves it with each of its records; its types do not say so. Messages of old formats have none. */
interface BatchHead {
  readonly firstOffset: string;
  readonly lastOffsetDelta: number;
  readonly partitionLeaderEpoch: number;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

type MessageOfKafkajs = KafkaMessage & { readonly batchContext?: BatchHead };

/** Our codec makes records as the port has them; those of kafkajs get what their batch can be known by. */
export function recordsOf(messages: KafkaMessage[], codec: RecordCodec): readonly FetchedRecord[] {
  if (codec === 'ours') return messages;
  const contexts = new Map<BatchHead, BatchContext>();
  return messages.map(({ offset, key, value, headers, batchContext }: MessageOfKafkajs) => {
    const record = { offset, key, value, ...(headers && { headers }) };
    if (batchContext?.lastOffsetDelta === undefined) return record;
    const known = contexts.get(batchContext) ?? contextOf(batchContext);
    contexts.set(batchContext, known);
    return { ...record, batchContext: known };
  });
}

/** kafkajs drops the checksum. The times and the producer's numbers tell a batch from any other that could lie at its offset. */
function contextOf(head: BatchHead): BatchContext {
  const { lastOffsetDelta, firstTimestamp, maxTimestamp } = head;
  const { producerId, producerEpoch, firstSequence } = head;
  const firstOffset = Number(head.firstOffset);
  return {
    firstOffset,
    nextOffset: firstOffset + lastOffsetDelta + 1,
    checksum: crc32c(
      Buffer.from([firstTimestamp, maxTimestamp, producerId, producerEpoch, firstSequence].join()),
    ),
    leaderEpoch: head.partitionLeaderEpoch,
    logStart: null,
  };
}
