import type { AdminConfig, Kafka } from 'kafkajs';
import type { LogAdmin, PartitionBounds } from '../port/record-log.js';
import type { BrokerNames } from './broker-names.js';
import { adminWithCluster, type Cluster } from './clusters.js';

export function adminOf(kafka: Kafka, config: AdminConfig, names: BrokerNames): LogAdmin {
  const { admin, cluster } = adminWithCluster(kafka, config);
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    topics: async () => (await admin.listTopics()).flatMap((name) => names.logical(name) ?? []),
    committed: async (groupId, topics) => {
      const answer = await admin.fetchOffsets({
        groupId: names.atBroker(groupId),
        topics: topics.map((topic) => names.atBroker(topic)),
      });
      return answer.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => ({
          topic: names.own(topic),
          partition,
          offset: Number(offset),
          metadata,
        })),
      );
    },
    bounds: async (topics) => {
      const atBroker = topics.map((topic) => names.atBroker(topic));
      const bounds = await boundsOf(cluster, atBroker).catch(async () => {
        await cluster.refreshMetadata(); // a topic was created again, or has another leader
        return boundsOf(cluster, atBroker);
      });
      return new Map([...bounds].map(([topic, of]) => [names.own(topic), of]));
    },
  };
}

/**
 * Bounds of each partition, by the topic's name at the broker: two requests per broker for any
 * number of topics. Throws if a topic is missing.
 */
export async function boundsOf(
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionBounds[]>> {
  await cluster.addMultipleTargetTopics(topics);
  await cluster.refreshMetadataIfNecessary();
  const offsets = (fromBeginning: boolean) =>
    cluster.fetchTopicsOffset(
      topics.map((topic) => ({
        topic,
        fromBeginning,
        partitions: cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ partition: partitionId })),
      })),
    );
  const [ends, starts] = [await offsets(false), await offsets(true)];
  const startOf = new Map(
    starts.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic} ${partition}`, Number(offset)] as const),
    ),
  );
  return new Map(
    ends.map(({ topic, partitions }) => [
      topic,
      partitions.map(({ partition, offset }) => ({
        partition,
        start: startOf.get(`${topic} ${partition}`) ?? 0,
        end: Number(offset),
      })),
    ]),
  );
}
