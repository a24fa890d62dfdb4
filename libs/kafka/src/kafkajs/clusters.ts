import type { Kafka } from 'kafkajs';

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
  findControllerBroker(): Promise<Broker>;
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

/**
 * Creates a cluster through the private symbol of kafkajs' cluster factory. Throws if the symbol is
 * missing.
 */
export function clusterOf(kafka: Kafka): Cluster {
  const maker = Object.getOwnPropertySymbols(kafka).find(({ description = '' }) =>
    description.endsWith(':createCluster'),
  );
  if (maker === undefined) throw new Error('this kafkajs makes no clusters');
  const make = Reflect.get(kafka, maker) as (options: object) => Cluster;
  return make({ metadataMaxAge: 300_000, allowAutoTopicCreation: false });
}
