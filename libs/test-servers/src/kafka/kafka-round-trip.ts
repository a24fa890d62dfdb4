import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTopics } from './ensure-topics.js';
import { kafkaClient, type KafkaAccess } from './kafka-client.js';

const READY_TOPIC = '_stack.ready';
const ANSWER_MS = 10_000;

/**
 * Throws if a message cannot be written and read. An open port is no proof: for some seconds after
 * a start the group and transaction coordinators are still loading. Each node of a cluster reads in
 * a separate group, because a shared group would leave a node waiting forever.
 */
export async function kafkaRoundTrip(access: KafkaAccess, node?: number): Promise<void> {
  await ensureTopics(access, [
    { name: READY_TOPIC, partitions: 1, config: { 'retention.ms': '600000' } },
  ]);
  const kafka = kafkaClient(access);
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({
    groupId: node === undefined ? READY_TOPIC : `${READY_TOPIC}-${node}`,
    sessionTimeout: 6_000,
    maxWaitTimeInMs: 100,
  });
  const probe = randomUUID();
  try {
    await producer.connect();
    await producer.send({ topic: READY_TOPIC, acks: -1, messages: [{ value: probe }] });
    await consumer.connect();
    await consumer.subscribe({ topic: READY_TOPIC, fromBeginning: true });
    const arrived = new Promise<true>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) =>
          void (message.value?.toString() === probe && resolve(true)),
      });
    });
    const deadline = new AbortController();
    const late = sleep(ANSWER_MS, false, { signal: deadline.signal }).catch(() => false);
    const came = await Promise.race([arrived, late]);
    deadline.abort();
    if (!came) throw new Error(`a message to ${READY_TOPIC} was not delivered`);
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  }
}
