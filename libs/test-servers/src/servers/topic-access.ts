import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient, type KafkaAccess } from '../kafka/kafka-client.js';

/** Writes values to a topic and waits until all replicas have them. */
export async function send(
  access: KafkaAccess,
  topic: string,
  values: readonly string[],
): Promise<void> {
  const producer = kafkaClient(access).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({
      topic,
      acks: -1,
      messages: values.map((value) => ({ key: value, value })),
    });
  } finally {
    await producer.disconnect();
  }
}

/** Reads the first `count` values of a topic from the beginning, in no order across partitions. */
export async function readAll(
  access: KafkaAccess,
  topic: string,
  count: number,
): Promise<string[]> {
  const consumer = kafkaClient(access).consumer({ groupId: `reader-of-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await consumer.run({
    eachMessage: async ({ message }) => void values.push(String(message.value)),
  });
  while (values.length < count) await sleep(20);
  await consumer.disconnect();
  return values;
}
