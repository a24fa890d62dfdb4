import { Partitioners, type ICustomPartitioner, type Kafka } from 'kafkajs';
import { murmur2 } from '../port/murmur2.js';
import type { LogProducer, SentRecord } from '../port/record-log.js';
import type { BrokerNames } from './broker-names.js';
import { withLinearReduce } from './linear-reduce.js';

export function producerOf(kafka: Kafka, names: BrokerNames): LogProducer {
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
