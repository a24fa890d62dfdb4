import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { patchKafkajsClock } from '@sluice/clock';
import { Kafka, logLevel, type Admin } from 'kafkajs';

/** Every record that the topic has is gone, whether somebody has read it or not. */
export function wipeTopic(brokers: readonly string[], topic: string): Promise<void> {
  return withAdmin(brokers, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
  });
}

/** The topic is there again afterwards, as one that never had a record. */
export function recreateTopic(brokers: readonly string[], topic: string): Promise<void> {
  return withAdmin(brokers, async (admin) => {
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

async function withAdmin(
  brokers: readonly string[],
  work: (admin: Admin) => Promise<void>,
): Promise<void> {
  patchKafkajsClock();
  const admin = new Kafka({
    clientId: 'sluice-e2e',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
