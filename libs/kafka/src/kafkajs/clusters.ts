import type { Admin, AdminConfig, Kafka } from 'kafkajs';

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

interface Broker {
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

/**
 * Creates a cluster through the private symbol of kafkajs' cluster factory. Throws if the symbol is
 * missing.
 */
export function clusterOf(kafka: Kafka): Cluster {
  const { make } = factoryOf(kafka);
  return make({ metadataMaxAge: METADATA_MAX_AGE_MS, allowAutoTopicCreation: false });
}

/**
 * Creates an admin client, and returns the cluster of the client too: both share connections. An
 * admin client of kafkajs reads the metadata before each request, this client if they are old.
 */
export function adminWithCluster(
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
