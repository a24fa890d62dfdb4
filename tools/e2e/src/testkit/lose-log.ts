import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withKafkaAdmin, type KafkaAccess } from '@sluice/test-servers';

/** Every record that the topic has is gone, whether somebody has read it or not. */
export function wipeTopic(access: KafkaAccess, topic: string): Promise<void> {
  return withKafkaAdmin(access, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
  });
}

/** The topic is there again afterwards, as one that never had a record. */
export function recreateTopic(access: KafkaAccess, topic: string): Promise<void> {
  return withKafkaAdmin(access, async (admin) => {
    const numPartitions = (await admin.fetchTopicOffsets(topic)).length;
    await admin.deleteTopics({ topics: [topic] });
    for (let there = false; !there; there = (await admin.listTopics()).includes(topic)) {
      await admin
        .createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false })
        .catch(() => false); // it is still being deleted
    }
  });
}

/** Removes the log of every partition from the broker's folder, the groups' offsets included; what topics there are stays known. */
export function emptyBroker(dataDir: string): void {
  const logs = join(dataDir, 'logs');
  for (const folder of readdirSync(logs))
    if (/-\d+$/.test(folder) && !folder.startsWith('__cluster_metadata'))
      rmSync(join(logs, folder), { recursive: true, force: true });
}
