import { readFileSync } from 'node:fs';
import { MessageKeys, signMessage } from '@sluice/signing';
import { ALL_TOPICS } from '@sluice/messages';
import {
  kafkaLogin,
  layoutOf,
  loadSecrets,
  urlOfAllAccounts,
  type ServiceName,
  type System,
} from '@sluice/stack';
import { withClient } from '@sluice/test-servers';
import { KafkaWriter, recordOf } from './kafka-writer.js';

/** Complete access of a service: keys, Kafka login and database login. */
export class Foothold {
  readonly keys: MessageKeys;
  /** Kafka writer with the service's own login. */
  readonly kafka: KafkaWriter;

  constructor(
    private readonly system: System,
    readonly service: ServiceName,
  ) {
    this.keys = MessageKeys.parse(
      readFileSync(layoutOf(system.home).messageKeysOf(service), 'utf8'),
    );
    const passwords = loadSecrets(layoutOf(system.home).secrets).kafka;
    this.kafka = new KafkaWriter({
      brokers: system.run.kafka_brokers,
      login: kafkaLogin(service, passwords[service]),
    });
  }

  /**
   * Sends a message signed with the service's key: the consumer accepts the message as sent by the
   * service.
   */
  async says(topic: string, type: string, key: string, data: object): Promise<void> {
    const consumer = ALL_TOPICS.find(({ name }) => name === topic)?.consumedBy;
    if (!consumer) throw new Error(`${topic} has no single consumer`);
    await this.kafka.send(signMessage(this.keys, consumer, recordOf(topic, type, key, data)));
  }

  async sql<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    const url = this.system.run.databases[this.service] ?? '';
    const { rows } = await withClient(urlOfAllAccounts(url), (client) =>
      client.query<R>(sql, [...params]),
    );
    return rows;
  }

  stop(): Promise<void> {
    return this.kafka.stop();
  }
}
