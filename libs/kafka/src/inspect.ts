export {
  inspectKafka,
  type KafkaAdminAccess,
  type KafkaAdminLogin,
} from './kafkajs/inspect-kafka.js';
export type {
  BrokerState,
  ClockReading,
  KafkaRight,
  KafkaState,
  PartitionState,
  Settings,
  TopicState,
} from './port/kafka-state.js';
