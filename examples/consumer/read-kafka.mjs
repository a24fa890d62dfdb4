// Books what the topic withdrawal.events says: `node read-kafka.mjs`, with DATABASE_URL, KAFKA_BROKERS, KAFKA_GROUP, SLUICE_EVENT_KEYS (several with commas) and a login.
import { Kafka, logLevel } from 'kafkajs';
import { EventKeys, readKafkaEvent, UnreadableEvent } from '@sluice/consumer-kit';
import { book, openBook } from './booking.mjs';

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_GROUP, KAFKA_USERNAME, KAFKA_PASSWORD } = process.env;
/** From the operator of Sluice, not from Kafka: another writer to the topic has no such key. */
const keys = new EventKeys((process.env.SLUICE_EVENT_KEYS ?? '').split(','));
const login = { mechanism: 'scram-sha-512', username: KAFKA_USERNAME, password: KAFKA_PASSWORD };
const kafka = new Kafka({
  brokers: KAFKA_BROKERS.split(','),
  logLevel: logLevel.ERROR,
  ...(KAFKA_USERNAME && { sasl: login }),
});
/** After a crash the partitions of this process wait for so long. */
const sessionTimeout = Number(process.env.KAFKA_SESSION_MS ?? 30_000);
const consumer = kafka.consumer({ groupId: KAFKA_GROUP, sessionTimeout });

const pool = await openBook(DATABASE_URL);
await consumer.connect();
await consumer.subscribe({ topics: ['withdrawal.events'], fromBeginning: true });
await consumer.run({
  // The offset moves after it: a crash in between brings the batch again, and its events are duplicates then.
  eachBatch: ({ batch }) => book(pool, batch.messages.flatMap(readable)),
});

/** An unreadable or forged event stays so: the reader reports the event and leaves it out. */
function readable(message) {
  try {
    return [readKafkaEvent(message, { keys })];
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    console.error('left out', error.name, message.offset, error.message);
    return [];
  }
}
