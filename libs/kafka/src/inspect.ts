export {
  applyKafka,
  type KafkaPlan,
  type RightToGive,
  inspectKafka,
  type KafkaAdminAccess,
} from './kafkajs/inspect-kafka.js';
export type { ScramLogin, ScramMechanism } from './kafkajs/admin-requests.js';
export type { KafkaCredentials, KafkaTls, PasswordLogin } from './kafkajs/kafka-security.js';
export type { KafkaRight, KafkaState, TopicState } from './port/kafka-state.js';
