import { PUBLIC_TOPICS, topicsReadBy, topicsProducedBy } from '@sluice/messages';
import type { KafkaLogin, KafkaRights } from '@sluice/test-servers';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';

/** Whoever reads along: product teams, auditors. They have one login here; in earnest each has its own. */
export const DOWNSTREAM = 'downstream';
export const ADMIN = 'admin';
export type LoginName = ServiceName | typeof DOWNSTREAM;
/** Of the services, those that speak to Kafka. */
export const KAFKA_SERVICES = SERVICE_NAMES.filter((name) => !specOf(name).isolated);
export const LOGIN_NAMES: readonly LoginName[] = [...KAFKA_SERVICES, DOWNSTREAM];

/** Whose consumer groups may have which names, and what each login may write and read: all of it follows from the topics. */
export const KAFKA_RIGHTS: readonly KafkaRights[] = [
  ...KAFKA_SERVICES.map((name) => ({
    username: name,
    writes: topicsProducedBy(name),
    reads: topicsReadBy(name),
    group: { name },
  })),
  { username: DOWNSTREAM, writes: [], reads: PUBLIC_TOPICS, group: { prefix: `${DOWNSTREAM}-` } },
];

/** Services and consumers log in by SCRAM; Kafka keeps what it needs to know them. */
export function kafkaLogin(username: LoginName, password: string): KafkaLogin {
  return { mechanism: 'scram-sha-512', username, password };
}

export function adminLogin(password: string): KafkaLogin {
  return { mechanism: 'plain', username: ADMIN, password };
}
