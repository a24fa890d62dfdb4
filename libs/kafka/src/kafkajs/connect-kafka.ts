import {
  type ICustomPartitioner,
  Kafka,
  type LogEntry,
  logLevel,
  type Message,
  Partitioners,
} from 'kafkajs';
import { type Logger, patchKafkajsClock } from '@sluice/runtime';
import { murmur2 } from '../port/murmur2.js';
import type { LogProducer, RecordLog, SentRecord } from '../port/record-log.js';
import { adminOf, BrokerNames } from './clusters.js';
import { consumerOf } from './consumer.js';
import { type KafkaSecurity, securityOf } from './kafka-security.js';
import { readTail, readToEnd } from './read-tail.js';
import { patchKafkajsRecords } from './record-codec/patch-kafkajs-records.js';

/** An error of kafkajs is a warning: kafkajs retries, and `/readyz` shows lasting problems. */
const LEVELS = {
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'debug',
} as const;

/**
 * Logged for each producer with limited retries. The limit is intentional: a failed producer is
 * replaced, the relay retries under the same ids, and receivers drop duplicates.
 */
const LIMITED_RETRIES =
  'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/**
 * Creates a Kafka client. The client retries for minutes: a broker restart is a pause, not an
 * error.
 */
export function connectKafka(options: {
  brokers: readonly string[];
  clientId: string;
  logger: Logger;
  security?: KafkaSecurity;
  /** Prefix of topics and groups at the broker; default: none. */
  prefix?: string;
}): RecordLog {
  patchKafkajsRecords();
  patchKafkajsClock();
  const names = new BrokerNames(options.prefix ?? '');
  const kafka = new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ...securityOf(options.security),
    retry: { retries: 100, initialRetryTime: 50, maxRetryTime: 1_000 },
    logCreator: () => (entry: LogEntry) => {
      const { message, ...fields } = entry.log;
      const level =
        entry.level === logLevel.NOTHING || message === LIMITED_RETRIES
          ? 'debug'
          : LEVELS[entry.level];
      options.logger[level](
        { kafkajs: entry.namespace, error: fields['error'] as unknown },
        message,
      );
    },
  });
  return {
    consumer: (of) => consumerOf(kafka, of, names),
    producer: () => producerOf(kafka, names),
    admin: ({ retries }) => adminOf(kafka, { retry: { retries } }, names),
    tail: (topic, most) => readTail(kafka, { topic: names.atBroker(topic), most }),
    readToEnd: (topic, onRecords) => readToEnd(kafka, { topic: names.atBroker(topic), onRecords }),
  };
}

function producerOf(kafka: Kafka, names: BrokerNames): LogProducer {
  const producer = kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    createPartitioner: partitioner,
    retry: { retries: 5, maxRetryTime: 1_000 },
  });
  return {
    connect: () => producer.connect(),
    disconnect: () => producer.disconnect(),
    send: async (records) => {
      const byTopic = Map.groupBy(records, ({ topic }) => topic);
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, group]) => ({
          topic: names.atBroker(topic),
          messages: withLinearReduce(group.map(messageOf)),
        })),
      });
    },
  };
}

function messageOf({ key, value, headers }: SentRecord) {
  return { key, value, headers };
}

/** Kafka's default partitioner for keyed messages, without the 64-bit arithmetic of kafkajs. */
const partitioner: ICustomPartitioner = () => {
  const withoutKey = Partitioners.DefaultPartitioner();
  return (args) => {
    const { key } = args.message;
    if (key === null || key === undefined) return withoutKey(args);
    return (murmur2(Buffer.from(key)) & 0x7fffffff) % args.partitionMetadata.length;
  };
};

type ByPartition = Record<string, Message[]>;

/**
 * kafkajs groups messages with `messages.reduce(sort, {})`, where `sort` copies the groups for each
 * message, in quadratic time. This array's `reduce` gathers results without copies.
 */
function withLinearReduce(messages: Message[]): Message[] {
  const reduce = (sort: (sorted: ByPartition, message: Message) => ByPartition): ByPartition => {
    const sorted: ByPartition = {};
    for (const message of messages) {
      for (const partition in sort({}, message)) (sorted[partition] ??= []).push(message);
    }
    return sorted;
  };
  return Object.defineProperty(messages, 'reduce', { value: reduce });
}
