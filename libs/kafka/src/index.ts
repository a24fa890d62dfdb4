export { BatchHandler } from './batch-handler.js';
export { BatchServer, type BatchServerOptions } from './batch-server.js';
export { connectKafka } from './connection.js';
export type { Logger } from './logger.js';
export { OutboxRelay } from './outbox-relay.js';
export { murmur2 } from './wire/murmur2.js';
