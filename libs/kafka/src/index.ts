export { BatchHandler } from './batch-handler.js';
export type { Authenticate } from './batch-consumer.js';
export { BatchServer, type BatchServerOptions } from './batch-server.js';
export type { RecordCodec } from './kafkajs/choose-record-codec.js';
export { connectKafka, type KafkaSecurity } from './kafkajs/connect-kafka.js';
export { OutboxRelay } from './outbox-relay.js';
export { PublishedLogs } from './published-logs.js';
export { murmur2 } from './murmur2.js';
export { newestMessages } from './newest-messages.js';
