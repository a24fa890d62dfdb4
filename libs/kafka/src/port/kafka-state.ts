export interface KafkaState {
  readonly brokers: readonly BrokerState[];
  readonly topics: readonly TopicState[];
  /** Access rules (ACLs); null if access control is disabled in this Kafka. */
  readonly rights: readonly KafkaRight[] | null;
  /** Users with SCRAM credentials; Kafka does not list other users. */
  readonly logins: readonly string[];
  /** Clock of the controller; null if the controller did not report a time. */
  readonly clock: BrokerClockReading | null;
}

/** Taken between `askedAtMs` and `answeredAtMs` of this process's monotonic clock. */
export interface BrokerClockReading {
  readonly timeMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface BrokerState {
  readonly id: number;
  readonly place: string;
  readonly settings: BrokerSettings;
}

export interface TopicState {
  readonly name: string;
  readonly partitions: readonly PartitionState[];
  readonly settings: BrokerSettings;
}

interface PartitionState {
  readonly id: number;
  /** Null while the partition has no leader: the partition can be neither read nor written. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/** Settings by name; null for values hidden by Kafka. */
export type BrokerSettings = ReadonlyMap<string, string | null>;

export interface KafkaRight {
  readonly principal: string;
  readonly host: string;
  readonly permission: 'Allow' | 'Deny';
  /** `Read`, `Write`, `All`, … */
  readonly operation: string;
  /** `topic`, `group`, `cluster`, … */
  readonly resource: string;
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
}
