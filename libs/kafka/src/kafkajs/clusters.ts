import type { Admin, AdminConfig, Kafka } from 'kafkajs';
import type { LogAdmin, PartitionBounds } from '../port/record-log.js';
import { topicIdsOf } from './topic-ids.js';

/** Broker connections inside kafkajs; missing from the published types. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  addTargetTopic(topic: string): Promise<unknown>;
  findTopicPartitionMetadata(
    topic: string,
  ): readonly { readonly partitionId: number; readonly leader: number }[];
  findBroker(options: { readonly nodeId: number }): Promise<Broker>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<unknown>;
  /** Returns an offset of each partition. Sends one request per broker, for any number of topics. */
  fetchTopicsOffset(topics: readonly OffsetQuestion[]): Promise<readonly OffsetAnswer[]>;
  findControllerBroker(): Promise<Broker>;
}

interface OffsetQuestion {
  readonly topic: string;
  readonly fromBeginning: boolean;
  readonly partitions: readonly { readonly partition: number }[];
}

interface OffsetAnswer {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

export interface Broker {
  readonly connectionPool: unknown;
  fetch(request: object): Promise<FetchAnswer>;
}

interface FetchAnswer {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: unknown[];
    }[];
  }[];
}

const METADATA_MAX_AGE_MS = 300_000;

type MakeCluster = (options: object) => Cluster;

/** Uses the private symbol of kafkajs' cluster factory. Throws if it is missing. */
export function clusterOf(kafka: Kafka): Cluster {
  const { make } = factoryOf(kafka);
  return make({ metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false });
}

/** Admin client and its cluster, which reads old metadata only, and not before each request. */
function adminWithCluster(
  kafka: Kafka,
  config: AdminConfig,
): { readonly admin: Admin; readonly cluster: Cluster } {
  const { maker, make } = factoryOf(kafka);
  let cluster: Cluster | undefined;
  Reflect.set(
    kafka,
    maker,
    (options: object) => (cluster = make({ ...options, metadataMaxAge: METADATA_MAX_AGE_MS })),
  );
  try {
    const admin = kafka.admin(config);
    if (cluster === undefined) throw new Error('this kafkajs makes no cluster for an admin client');
    return { admin, cluster };
  } finally {
    Reflect.set(kafka, maker, make);
  }
}

function factoryOf(kafka: Kafka): { readonly maker: symbol; readonly make: MakeCluster } {
  const maker = Object.getOwnPropertySymbols(kafka).find(({ description = '' }) =>
    description.endsWith(':createCluster'),
  );
  if (maker === undefined) throw new Error('this kafkajs makes no clusters');
  return { maker, make: Reflect.get(kafka, maker) as MakeCluster };
}

export function adminOf(kafka: Kafka, config: AdminConfig, names: BrokerNames): LogAdmin {
  const { admin, cluster } = adminWithCluster(kafka, config);
  /** A second attempt has new metadata: a topic was created again, or a leader has changed. */
  const twice = <T>(ask: () => Promise<T>): Promise<T> =>
    ask().catch(async () => {
      await cluster.refreshMetadata();
      return ask();
    });
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    topics: async () => (await admin.listTopics()).flatMap((name) => names.logical(name) ?? []),
    committed: async (groupId, topics) => {
      const answer = await admin.fetchOffsets({
        groupId: names.atBroker(groupId),
        topics: topics.map((topic) => names.atBroker(topic)),
      });
      return answer.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => ({
          topic: names.own(topic),
          partition,
          offset: Number(offset),
          metadata,
        })),
      );
    },
    bounds: async (topics) => {
      const atBroker = topics.map((topic) => names.atBroker(topic));
      const bounds = await twice(() => boundsOf(cluster, atBroker));
      return new Map([...bounds].map(([topic, of]) => [names.own(topic), of]));
    },
    topicIds: async (topics) => {
      const atBroker = topics.map((topic) => names.atBroker(topic));
      const ids = await twice(() => topicIdsOf(cluster, atBroker));
      return new Map([...ids].map(([topic, id]) => [names.own(topic), id]));
    },
  };
}

/** Bounds of each partition, by two requests per broker. Throws if a topic is missing. */
export async function boundsOf(
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionBounds[]>> {
  await cluster.addMultipleTargetTopics(topics);
  await cluster.refreshMetadataIfNecessary();
  const offsets = (fromBeginning: boolean) =>
    cluster.fetchTopicsOffset(
      topics.map((topic) => ({
        topic,
        fromBeginning,
        partitions: cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ partition: partitionId })),
      })),
    );
  const [ends, starts] = [await offsets(false), await offsets(true)];
  const startOf = new Map(
    starts.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic} ${partition}`, Number(offset)] as const),
    ),
  );
  return new Map(
    ends.map(({ topic, partitions }) => [
      topic,
      partitions.map(({ partition, offset }) => ({
        partition,
        start: startOf.get(`${topic} ${partition}`) ?? 0,
        end: Number(offset),
      })),
    ]),
  );
}

/** Names at the broker, with an environment's prefix; inside the program all names are logical. */
export class BrokerNames {
  constructor(private readonly prefix: string) {}

  atBroker(name: string): string {
    return this.prefix + name;
  }

  logical(name: string): string | null {
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : null;
  }

  own(name: string): string {
    return this.logical(name) ?? name;
  }
}
