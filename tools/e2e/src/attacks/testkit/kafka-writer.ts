import { randomUUIDv7 } from 'node:crypto';
import { kafkaClient, type KafkaAccess } from '@sluice/test-servers';
import type { Consumer, Kafka, Producer } from 'kafkajs';

export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function recordOf(topic: string, type: string, key: string, data: object): KafkaRecord {
  return {
    topic,
    key,
    value: JSON.stringify(data),
    headers: {
      ce_specversion: '1.0',
      ce_id: randomUUIDv7(),
      ce_type: type,
      ce_source: 'attacker',
      ce_subject: key,
      ce_time: new Date().toISOString(),
      'content-type': 'application/json',
    },
  };
}

/** Attacker with read and write access to every topic, but without any service key. */
export class KafkaWriter {
  private readonly kafka: Kafka;
  private producer: Producer | null = null;
  private readonly consumers: Consumer[] = [];

  constructor(access: KafkaAccess) {
    this.kafka = kafkaClient(access, 'attacker');
  }

  /** Writes a message in the format of a service, but without a signature. */
  async write(topic: string, type: string, key: string, data: object): Promise<void> {
    await this.send(recordOf(topic, type, key, data));
  }

  async send(...records: readonly KafkaRecord[]): Promise<void> {
    this.producer ??= await this.connected();
    for (const { topic, ...message } of records)
      await this.producer.send({ topic, acks: -1, messages: [message] });
  }

  /** Reads a topic from the beginning and passes on each record. */
  async read(topic: string, each: (record: KafkaRecord) => Promise<void> | void): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: `attacker ${randomUUIDv7()}` });
    this.consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers = {} } }) =>
        each({
          topic,
          key: key?.toString() ?? '',
          value: value?.toString() ?? '',
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [name, String(text)]),
          ),
        }),
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.disconnect()));
    await this.producer?.disconnect();
  }

  private async connected(): Promise<Producer> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }
}
