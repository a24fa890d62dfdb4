export { CONSUMER_TABLES, CONSUMER_TABLES_SQL } from './consumer-tables.js';
export { forgetEvents } from './forget-events.js';
export { onceInOrder, type Gap, type SequencedEvent, type Sorted } from './once-in-order.js';
export { readKafkaEvent, type KafkaRecord } from './read-kafka-event.js';
export { readWebhookEvent } from './read-webhook-event.js';
export type { SqlClient } from './sql-client.js';
export { UnreadableEvent, type WithdrawalEvent } from './withdrawal-event.js';
