/** What a Kafka is like, as its administrator sees it; `inspectKafka` reads it. */
export interface KafkaState {
  readonly brokers: readonly BrokerState[];
  readonly topics: readonly TopicState[];
  /** Null where this Kafka asks nobody who he is. */
  readonly rights: readonly KafkaRight[] | null;
  /** Those that log in by SCRAM; Kafka names no others. */
  readonly logins: readonly string[];
  /** The controller's; null where it was not told. */
  readonly clock: ClockReading | null;
}

/** A clock that was read at some moment between these two, by the monotonic clock of this process. */
export interface ClockReading {
  readonly timeMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface BrokerState {
  readonly id: number;
  readonly place: string;
  readonly settings: Settings;
}

export interface TopicState {
  readonly name: string;
  readonly partitions: readonly PartitionState[];
  readonly settings: Settings;
}

export interface PartitionState {
  readonly id: number;
  /** Null while nobody leads it: it takes and gives nothing. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/** By name; null for those that Kafka shows to nobody. */
export type Settings = ReadonlyMap<string, string | null>;

/** One rule of Kafka's, in the words of its own tools. */
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
