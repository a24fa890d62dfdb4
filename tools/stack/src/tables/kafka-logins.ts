import { PUBLIC_TOPICS, topicsReadBy, topicsProducedBy } from '@sluice/messages';
import type { KafkaLogin, KafkaRights } from '@sluice/test-servers';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';

/**
 * Login of downstream readers: product teams and auditors. The local stack has a single login; in
 * production each reader has a separate login.
 */
export const DOWNSTREAM = 'downstream';
const ADMIN = 'admin';
export type LoginName = ServiceName | typeof DOWNSTREAM;
/** Services using Kafka. */
export const KAFKA_SERVICES = SERVICE_NAMES.filter((name) => !specOf(name).isolated);
export const LOGIN_NAMES: readonly LoginName[] = [...KAFKA_SERVICES, DOWNSTREAM];

/**
 * Rights of each login: consumer group names, and writable and readable topics. All rights are
 * derived from the topics.
 */
export const KAFKA_RIGHTS: readonly KafkaRights[] = [
  ...KAFKA_SERVICES.map((name) => ({
    username: name,
    writes: topicsProducedBy(name),
    reads: topicsReadBy(name),
    group: { name },
  })),
  { username: DOWNSTREAM, writes: [], reads: PUBLIC_TOPICS, group: { prefix: `${DOWNSTREAM}-` } },
];

/** Login of a service or consumer by SCRAM; Kafka stores only the verification data. */
export function kafkaLogin(username: LoginName, password: string): KafkaLogin {
  return { mechanism: 'scram-sha-512', username, password };
}

export function adminLogin(password: string): KafkaLogin {
  return { mechanism: 'plain', username: ADMIN, password };
}
