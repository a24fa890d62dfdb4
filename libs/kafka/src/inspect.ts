export { applyKafka, type KafkaPlan, type RightToGive } from './kafkajs/apply-kafka.js';
export type { ScramLogin, ScramMechanism } from './kafkajs/apply-requests.js';
export { inspectKafka, type KafkaAdminAccess } from './kafkajs/inspect-kafka.js';
export type { KafkaCredentials, KafkaTls, PasswordLogin } from './kafkajs/kafka-security.js';
export type { KafkaRight, KafkaState, TopicState } from './port/kafka-state.js';
