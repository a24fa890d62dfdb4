export {
  inspectKafka,
  type KafkaAdminAccess,
  type KafkaAdminLogin,
} from './kafkajs/inspect-kafka.js';
export type { KafkaRight, KafkaState, TopicState } from './port/kafka-state.js';
