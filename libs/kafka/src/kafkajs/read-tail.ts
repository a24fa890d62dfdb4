import { crc32c } from '@node-rs/crc32';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { BatchContext, FetchedRecord, PartitionBounds } from '../port/record-log.js';
import { boundsOf, type Cluster, clusterOf } from './clusters.js';
import type { RecordCodec } from './choose-record-codec.js';

const FETCH = { maxWaitTime: 1_000, minBytes: 1, replicaId: -1, isolationLevel: 0 };
const FETCH_BYTES = 2 * 2 ** 20;

interface Tail {
  readonly topic: string;
  readonly most: number;
  readonly codec: RecordCodec;
}

/** Newest records by plain fetches; a group would need a name per process. */
export async function readTail(kafka: Kafka, tail: Tail): Promise<readonly FetchedRecord[]> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    const bounds = await boundsOfTopic(cluster, tail.topic);
    const parts = await Promise.all(bounds.map((of) => readPartition(cluster, tail, of)));
    return parts.flat();
  } finally {
    await Promise.allSettled([cluster.disconnect()]);
  }
}

interface TailSpan {
  readonly topic: string;
  readonly codec: RecordCodec;
  /** Records of every partition and page, in the order of the partition. */
  readonly onRecords: (records: readonly FetchedRecord[]) => Promise<void>;
}

/** Reads a topic from its beginning to the end that it has now, by plain fetches. */
export async function readToEnd(kafka: Kafka, span: TailSpan): Promise<void> {
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    const bounds = await boundsOfTopic(cluster, span.topic);
    for (const of of bounds) await eachPage(cluster, span, of);
  } finally {
    await Promise.allSettled([cluster.disconnect()]);
  }
}

async function boundsOfTopic(cluster: Cluster, topic: string): Promise<readonly PartitionBounds[]> {
  return (await boundsOf(cluster, [topic])).get(topic) ?? [];
}

async function readPartition(
  cluster: Cluster,
  { topic, most, codec }: Tail,
  { partition, start, end }: PartitionBounds,
): Promise<readonly FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  const onRecords = (page: readonly FetchedRecord[]): Promise<void> => {
    records.push(...page);
    return Promise.resolve();
  };
  const bounds = { partition, start: Math.max(start, end - most), end };
  await eachPage(cluster, { topic, codec, onRecords }, bounds);
  return records;
}

async function eachPage(
  cluster: Cluster,
  { topic, codec, onRecords }: TailSpan,
  { partition, start, end }: PartitionBounds,
): Promise<void> {
  const leaders = cluster.findTopicPartitionMetadata(topic);
  const leader = leaders.find(({ partitionId }) => partitionId === partition)?.leader;
  if (leader === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
  const broker = await cluster.findBroker({ nodeId: leader });
  for (let next = start; next < end;) {
    const asked = { partition, fetchOffset: String(next), maxBytes: FETCH_BYTES };
    const topics = [{ topic, partitions: [asked] }];
    const { responses } = await broker.fetch({ ...FETCH, maxBytes: FETCH_BYTES, topics });
    const messages = responses.flatMap(({ partitions }) =>
      partitions.flatMap((one) => one.messages as KafkaMessage[]),
    );
    const records: FetchedRecord[] = [];
    const last = recordsOf(messages, codec).reduce((behind, record) => {
      const at = Number(record.offset);
      if (at >= next && at < end && !record.broken) records.push(record);
      return Math.max(behind, record.broken ? (record.batchContext?.nextOffset ?? at + 1) : at + 1);
    }, next);
    if (records.length > 0) await onRecords(records);
    if (last === next) break; // only markers of transactions are left
    next = last;
  }
}

/** Batch header that kafkajs 2.2.4 attaches to each record in the newest format. */
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

/** Records of the port: `ours` needs no conversion, kafkajs records get a batch identity. */
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

/** kafkajs drops the checksum: times and producer numbers identify the batch. */
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
