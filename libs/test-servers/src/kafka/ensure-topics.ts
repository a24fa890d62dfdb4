import type { Admin } from 'kafkajs';
import { kafkaClient, type KafkaAccess } from './kafka-client.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Creates missing topics. Topics are never created automatically on first use. */
export async function ensureTopics(
  access: KafkaAccess,
  topics: readonly TopicSpec[],
): Promise<void> {
  await withKafkaAdmin(access, async (admin) => {
    const known = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !known.has(topic.name));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, config = {} }) => ({
        topic: name,
        numPartitions: partitions,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  });
}

/** Runs work on a separate admin connection. */
export async function withKafkaAdmin<T>(
  access: KafkaAccess,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafkaClient(access).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
