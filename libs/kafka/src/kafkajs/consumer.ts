import {
  AssignerProtocol,
  type Cluster,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type PartitionAssigner,
  PartitionAssigners,
} from 'kafkajs';
import type {
  ConsumerListeners,
  ConsumerOptions,
  FetchedBatch,
  LogConsumer,
  OffsetToCommit,
} from '../port/record-log.js';
import type { BrokerNames } from './clusters.js';

/** Fetch limits in bytes: a backlog arrives in batches of some thousand messages. */
const FETCH_BYTES = { total: 16 * 2 ** 20, partition: 2 * 2 ** 20 };

/**
 * Longest wait of a fetch (ms), for which a stopping consumer waits; a session must contain
 * several.
 */
const MAX_WAIT_MS = 2_000;
const FETCHES_PER_SESSION = 3;

/** A gathering fetch ends early with this many bytes. */
const GATHERED_BYTES = 2 ** 20;

export function consumerOf(
  kafka: Kafka,
  { groupId, sessionMs, heartbeatMs, takes, gatherMs }: ConsumerOptions,
  names: BrokerNames,
): LogConsumer {
  const atBroker = (topics: readonly string[]) => topics.map((topic) => names.atBroker(topic));
  const consumer = kafka.consumer({
    groupId: names.atBroker(groupId),
    ...(takes && {
      partitionAssigners: [assignByTopics(atBroker(takes)), PartitionAssigners.roundRobin],
    }),
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: 20_000,
    maxWaitTimeInMs: gatherMs ?? Math.min(MAX_WAIT_MS, Math.floor(sessionMs / FETCHES_PER_SESSION)),
    minBytes: gatherMs === undefined ? 1 : GATHERED_BYTES,
    maxBytes: FETCH_BYTES.total,
    maxBytesPerPartition: FETCH_BYTES.partition,
    // An open transaction of another producer would block all later records (ADR 13).
    readUncommitted: true,
    retry: { retries: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
  });
  return {
    listen: (listeners) => listenTo(consumer, listeners, names),
    connect: () => consumer.connect(),
    run: async ({ topics, concurrentPartitions, eachBatch }) => {
      await consumer.subscribe({ topics: atBroker(topics), fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrentPartitions,
        eachBatch: (payload) => eachBatch(batchOf(payload, names)),
      });
    },
    seek: (topic, partition, offset) =>
      consumer.seek({ topic: names.atBroker(topic), partition, offset: String(offset) }),
    pause: (topics) => consumer.pause(atBroker(topics).map((topic) => ({ topic }))),
    resume: (topics) => consumer.resume(atBroker(topics).map((topic) => ({ topic }))),
    resumeAll: () => consumer.resume(consumer.paused()),
    disconnect: () => consumer.disconnect(),
  };
}

function listenTo(
  consumer: Consumer,
  {
    onSignOfLife,
    onJoined,
    onRebalancing,
    onNothingToHandle,
    onMetadataRead,
    onCrash,
  }: Partial<ConsumerListeners>,
  names: BrokerNames,
): void {
  if (onSignOfLife) consumer.on('consumer.heartbeat', onSignOfLife);
  if (onSignOfLife) consumer.on('consumer.fetch', onSignOfLife);
  if (onJoined)
    consumer.on('consumer.group_join', ({ payload }) =>
      onJoined(
        Object.fromEntries(
          Object.entries(payload.memberAssignment).map(([topic, of]) => [names.own(topic), of]),
        ),
      ),
    );
  if (onRebalancing) consumer.on('consumer.rebalancing', onRebalancing);
  if (onCrash) consumer.on('consumer.crash', ({ payload }) => onCrash(payload.error));
  if (onMetadataRead)
    consumer.on('consumer.network.request', ({ payload }) => {
      if (payload.apiName === 'Metadata') onMetadataRead();
    });
  if (onNothingToHandle)
    consumer.on(
      'consumer.end_batch_process',
      ({ payload: { topic, partition, batchSize, lastOffset } }) => {
        // An empty batch contains only transaction markers, skipped by kafkajs.
        if (batchSize === 0) onNothingToHandle(names.own(topic), partition, Number(lastOffset) + 1);
      },
    );
}

function batchOf(payload: EachBatchPayload, names: BrokerNames): FetchedBatch {
  const { batch } = payload;
  return {
    topic: names.own(batch.topic),
    partition: batch.partition,
    records: batch.messages,
    nextOffset: Number(batch.lastOffset()) + 1,
    logEnd: Number(batch.highWatermark),
    isRunning: () => payload.isRunning(),
    isStale: () => payload.isStale(),
    heartbeat: () => payload.heartbeat(),
    advanceTo: (next) => payload.resolveOffset(String(next - 1)),
    commit: (offsets) => payload.commitOffsetsIfNecessary({ topics: byTopic(offsets, names) }),
    pause: () => payload.pause(),
  };
}

function byTopic(offsets: readonly OffsetToCommit[], names: BrokerNames) {
  return [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, parts]) => ({
    topic: names.atBroker(topic),
    partitions: parts.map(({ partition, offset, metadata }) => ({
      partition,
      offset: String(offset),
      metadata,
    })),
  }));
}

const { MemberMetadata, MemberAssignment } = AssignerProtocol;
const NAME = 'TopicsOfMemberAssigner';
const VERSION = 0;

interface MemberOfGroup {
  readonly memberId: string;
  readonly takes: readonly string[];
}

/**
 * Gives a topic's partitions to members taking the topic, or to all if none does; kafkajs' default
 * uses all members in turn.
 */
function assignByTopics(takes: readonly string[]): PartitionAssigner {
  return ({ cluster }: { cluster: Cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: () => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics: [...takes],
        userData: Buffer.alloc(0),
      }),
    }),
    assign: ({ members, topics }) => {
      const partitions = topics.flatMap((topic) =>
        cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ topic, partition: partitionId })),
      );
      const assigned = assignPartitions(
        members.map(({ memberId, memberMetadata }) => ({
          memberId,
          takes: MemberMetadata.decode(memberMetadata)?.topics ?? [],
        })),
        partitions,
      );
      return Promise.resolve(
        [...assigned].map(([memberId, assignment]) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: VERSION,
            assignment,
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}

interface Assigned extends MemberOfGroup {
  count: number;
  readonly assignment: Record<string, number[]>;
}

/** Each partition goes to the member with the fewest among those taking the topic. */
export function assignPartitions(
  members: readonly MemberOfGroup[],
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): ReadonlyMap<string, Record<string, number[]>> {
  const all = members
    .toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map((member): Assigned => ({ ...member, count: 0, assignment: {} }));
  for (const { topic, partition } of partitions) {
    const takers = all.filter(({ takes }) => takes.includes(topic));
    const [first, ...others] = takers.length > 0 ? takers : all;
    if (!first) break;
    const assignee = others.reduce((least, one) => (one.count < least.count ? one : least), first);
    assignee.count++;
    (assignee.assignment[topic] ??= []).push(partition);
  }
  return new Map(all.map(({ memberId, assignment }) => [memberId, assignment]));
}
