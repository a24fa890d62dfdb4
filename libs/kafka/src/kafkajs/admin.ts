import type { Admin } from 'kafkajs';
import type { LogAdmin, PartitionBounds } from '../port/record-log.js';
import type { BrokerNames } from './broker-names.js';

export function adminOf(admin: Admin, names: BrokerNames): LogAdmin {
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
    bounds: (topic) => boundsOf(admin, names.atBroker(topic)),
  };
}

/** Bounds of each partition of a topic, by its name at the broker. */
export async function boundsOf(admin: Admin, topic: string): Promise<readonly PartitionBounds[]> {
  return (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
    partition,
    start: Number(low),
    end: Number(high),
  }));
}
