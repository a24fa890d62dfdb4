import type { Kafka } from 'kafkajs';
import type { FetchedRecord, PartitionBounds } from '../port/record-log.js';
import { boundsOf, type Cluster, clusterOf } from './clusters.js';

const FETCH = { maxWaitTime: 1_000, minBytes: 1, replicaId: -1, isolationLevel: 0 };
const FETCH_BYTES = 2 * 2 ** 20;

interface Tail {
  readonly topic: string;
  readonly most: number;
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
  { topic, most }: Tail,
  { partition, start, end }: PartitionBounds,
): Promise<readonly FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  const onRecords = (page: readonly FetchedRecord[]): Promise<void> => {
    records.push(...page);
    return Promise.resolve();
  };
  const bounds = { partition, start: Math.max(start, end - most), end };
  await eachPage(cluster, { topic, onRecords }, bounds);
  return records;
}

async function eachPage(
  cluster: Cluster,
  { topic, onRecords }: TailSpan,
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
      partitions.flatMap((one) => one.messages as readonly FetchedRecord[]),
    );
    const records: FetchedRecord[] = [];
    const last = messages.reduce((behind, record) => {
      const at = Number(record.offset);
      if (at >= next && at < end && !record.broken) records.push(record);
      return Math.max(behind, record.broken ? (record.batchContext?.nextOffset ?? at + 1) : at + 1);
    }, next);
    if (records.length > 0) await onRecords(records);
    if (last === next) break; // only markers of transactions are left
    next = last;
  }
}
