import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withKafkaAdmin, type KafkaAccess } from '@sluice/test-servers';

/** Deletes all records of the topic, including unread records. */
export function wipeTopic(access: KafkaAccess, topic: string): Promise<void> {
  return withKafkaAdmin(access, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
  });
}

/** Deletes the topic and creates the topic again without records. */
export function recreateTopic(access: KafkaAccess, topic: string): Promise<void> {
  return withKafkaAdmin(access, async (admin) => {
    const numPartitions = (await admin.fetchTopicOffsets(topic)).length;
    await admin.deleteTopics({ topics: [topic] });
    for (let there = false; !there; there = (await admin.listTopics()).includes(topic)) {
      await admin
        .createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false })
        .catch(() => false); // the deletion is still in progress
    }
  });
}

/**
 * Deletes the log of every partition from the broker's folder, including the consumer group
 * offsets; the topic list stays.
 */
export function emptyBroker(dataDir: string): void {
  const logs = join(dataDir, 'logs');
  for (const folder of readdirSync(logs))
    if (/-\d+$/.test(folder) && !folder.startsWith('__cluster_metadata'))
      rmSync(join(logs, folder), { recursive: true, force: true });
}
