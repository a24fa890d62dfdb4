import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { kafkaClient, withClient, type KafkaAccess } from '@sluice/test-servers';
import type { Consumer, Kafka, Producer } from 'kafkajs';
import { MessageKeys, signMessage } from '@sluice/signing';
import { ALL_TOPICS, orderDigest, recipientDigest } from '@sluice/messages';
import {
  kafkaLogin,
  layoutOf,
  loadSecrets,
  urlOfAllAccounts,
  type ServiceName,
  type System,
} from '@sluice/stack';
import { Amount } from '@sluice/kernel';
import { VENUE_A } from '@sluice/test-kit';

export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

function recordOf(topic: string, type: string, key: string, data: object): KafkaRecord {
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

const ASSET = 'USDT.ETH';
const FEE = '1';

/** Order that no customer asked for, as intake-api would make it of a request. */
export interface ForgedOrder {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly digest: string;
  /** Fields of `ledger.place-hold.v1`. */
  readonly hold: Readonly<Record<string, unknown>>;
}

/** Makes a well-formed order of the account to the address, under a new withdrawal id. */
export function forgedOrder(
  accountId: string,
  { address, amount, reference }: { address: string; amount: string; reference?: string },
): ForgedOrder {
  const destination = { type: 'address', address } as const;
  const withdrawalId = randomUUIDv7();
  const terms = {
    withdrawalId,
    accountId,
    asset: ASSET,
    fee: FEE,
    recipientDigest: recipientDigest(destination),
  };
  const digest = orderDigest({ ...terms, amount });
  const total = Amount.of(amount, ASSET).plus(Amount.of(FEE, ASSET)).toString();
  const hold = {
    ...terms,
    amount: total,
    payout: amount,
    digest,
    destination,
    venue: VENUE_A,
    ...(reference !== undefined && { reference }),
  };
  return { withdrawalId, accountId, digest, hold };
}
