export { CONSUMER_TABLES, CONSUMER_TABLES_SQL } from './consumer-tables.js';
export { forgetEvents } from './forget-events.js';
export { onceInOrder, type Gap, type SequencedEvent, type Sorted } from './once-in-order.js';
export { EventKeys } from './event-keys.js';
export type { KafkaRecord } from './kafka-record.js';
export { readKafkaEvent, type EventTrust } from './read-kafka-event.js';
export { readWebhookEvent } from './read-webhook-event.js';
export type { SqlClient } from './sql-client.js';
export { ForgedEvent, UnreadableEvent, type WithdrawalEvent } from './withdrawal-event.js';
