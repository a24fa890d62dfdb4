import type { Admin } from 'kafkajs';
import type { LogAdmin } from '../port/record-log.js';

export function adminOf(admin: Admin): LogAdmin {
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    topics: () => admin.listTopics(),
    committed: async (groupId, topics) => {
      const answer = await admin.fetchOffsets({ groupId, topics: [...topics] });
      return answer.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => ({
          topic,
          partition,
          offset: Number(offset),
          metadata,
        })),
      );
    },
    bounds: async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
        partition,
        start: Number(low),
        end: Number(high),
      })),
  };
}
