import { crc32c } from '@node-rs/crc32';
import type { KafkaMessage } from 'kafkajs';
import type { BatchContext, FetchedRecord } from '../port/record-log.js';
import type { RecordCodec } from './choose-record-codec.js';

/**
 * Batch header attached by kafkajs 2.2.4 to each record; missing from the published types. Messages
 * in old formats have no header.
 */
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

/**
 * Converts fetched messages to the records of the port. Records of codec `ours` need no conversion;
 * kafkajs records get a batch identity.
 */
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

/**
 * Batch identity for kafkajs, because kafkajs drops the checksum. Times and producer numbers
 * distinguish the batch from any other batch at the same offset.
 */
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
