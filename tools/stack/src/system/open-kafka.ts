import { ALL_TOPICS, PUBLIC_TOPICS } from '@sluice/messages';
import {
  ensureLogins,
  ensureTopics,
  grantRights,
  type KafkaAccess,
  type TopicSpec,
  until,
  withKafkaAdmin,
} from '@sluice/test-servers';
import { DOWNSTREAM, KAFKA_RIGHTS, kafkaLogin, LOGIN_NAMES } from '../tables/kafka-logins.js';
import { PARTITIONS } from '../tables/services.js';
import type { StackSecrets } from './stack-secrets.js';

const TOPICS: readonly TopicSpec[] = ALL_TOPICS.map(({ name }) => ({
  name,
  partitions: PARTITIONS,
}));

/**
 * Creates missing topics, logins and rights in parallel, as the admin. A Kafka without logins gets
 * only the topics.
 */
export async function openKafka(access: KafkaAccess, { kafka }: StackSecrets): Promise<void> {
  if (access.login === undefined) return ensureTopics(access, TOPICS);
  const logins = LOGIN_NAMES.map((name) => kafkaLogin(name, kafka[name]));
  await Promise.all([
    ensureTopics(access, TOPICS),
    ensureLogins(access, logins),
    grantRights(access, KAFKA_RIGHTS),
  ]);
  await until('the rights at Kafka are not in force', () => seesItsTopics(access, kafka), 30_000);
}

/**
 * The broker applies all new rights at once, with a short delay. Throws until the rights are in
 * force.
 */
async function seesItsTopics(access: KafkaAccess, passwords: StackSecrets['kafka']): Promise<void> {
  const login = kafkaLogin(DOWNSTREAM, passwords[DOWNSTREAM]);
  const seen = await withKafkaAdmin({ ...access, login }, (admin) => admin.listTopics());
  if (!PUBLIC_TOPICS.every((topic) => seen.includes(topic))) throw new Error(`only ${seen.join()}`);
}
