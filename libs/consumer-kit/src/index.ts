export {
  CONSUMER_TABLES,
  CONSUMER_TABLES_SQL,
  forgetEvents,
  onceInOrder,
  type Gap,
  type SequencedEvent,
  type Sorted,
  type SqlClient,
} from './once-in-order.js';
export { EventKeys, type KafkaRecord } from './event-keys.js';
export {
  readKafkaEvent,
  type EventTrust,
  readWebhookEvent,
  ForgedEvent,
  UnreadableEvent,
  type WithdrawalEvent,
} from './read-events.js';
