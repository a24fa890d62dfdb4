/**
 * Kafka as this library needs it, with the only adapter in `kafkajs`. Offsets are exact up to 2^53.
 */
export interface RecordLog {
  /** Creates an unconnected consumer group member. */
  consumer(options: ConsumerOptions): LogConsumer;
  producer(): LogProducer;
  admin(options: { readonly retries: number }): LogAdmin;
  /**
   * Last `most` records of each partition, without a group and undecodable records. Throws while
   * Kafka or the topic is away.
   */
  tail(topic: string, most: number): Promise<readonly FetchedRecord[]>;
  /** Reads a topic from its beginning to its present end, page by page, without a consumer group. Otherwise as `tail`. */
  readToEnd(
    topic: string,
    onRecords: (records: readonly FetchedRecord[]) => Promise<void>,
  ): Promise<void>;
}

export interface ConsumerOptions {
  readonly groupId: string;
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  /** Topics of this member (default: all), once all members of the group support lists. */
  readonly takes?: readonly string[];
  /** Time in ms for which the broker gathers records for a fetch. Default: the broker sends the first record at once. */
  readonly gatherMs?: number;
}

/**
 * Reads from the beginning without an offset, and uncommitted transactions too; never commits by
 * itself.
 */
export interface LogConsumer {
  listen(listeners: Partial<ConsumerListeners>): void;
  connect(): Promise<void>;
  /** Joins the group and fetches while `eachBatch` resolves, in sequence per partition. */
  run(options: {
    readonly topics: readonly string[];
    readonly concurrentPartitions: number;
    readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  }): Promise<void>;
  seek(topic: string, partition: number, offset: number): void;
  pause(topics: readonly string[]): void;
  resume(topics: readonly string[]): void;
  resumeAll(): void;
  /** Waits for the batches under way and leaves the group. */
  disconnect(): Promise<void>;
}

export interface ConsumerListeners {
  /** The group or a broker has answered. */
  onSignOfLife(): void;
  onJoined(assignment: Readonly<Record<string, readonly number[]>>): void;
  onRebalancing(): void;
  /** A fetch contained no deliverable record; `next` is the offset after the fetch. */
  onNothingToHandle(topic: string, partition: number, next: number): void;
  /** The client has read the metadata again: a topic may have been recreated meanwhile. */
  onMetadataRead(): void;
  onCrash(error: Error): void;
}

export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly FetchedRecord[];
  readonly nextOffset: number;
  readonly logEnd: number;
  isRunning(): boolean;
  /** The partition is paused, was sought elsewhere or is assigned no longer. */
  isStale(): boolean;
  /** Rejects while the group rebalances. */
  heartbeat(): Promise<void>;
  advanceTo(next: number): void;
  /** Commits offsets of any partitions of this consumer, even while the consumer is stopping. */
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  pause(): () => void;
}

export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Kept by Kafka with the offset. */
  readonly metadata: string | null;
}

type HeaderValue = Buffer | string;

export interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A repeated name has several values. */
  readonly headers?: Readonly<Record<string, HeaderValue | HeaderValue[] | undefined>>;
  /** The same object for all records of a batch. */
  readonly batchContext?: BatchContext;
  /** Set where this stands for a whole batch instead of a record. */
  readonly broken?: BrokenBatch;
}

export interface BatchContext {
  readonly firstOffset: number;
  readonly nextOffset: number;
  /** Checksum of the batch, verified against the bytes. */
  readonly checksum: number;
  /** Epoch of the append: a new one means a change or restart of the leader. */
  readonly leaderEpoch: number;
  /** Start of the partition's log at the time of this response. */
  readonly logStart: number;
}

export interface BrokenBatch {
  /** `corrupt`: wrong checksum, no byte is trusted. `unreadable`: right checksum, undecodable. */
  readonly kind: 'corrupt' | 'unreadable';
  /** Cause, worded as the end of a sentence about the batch. */
  readonly cause: string;
  readonly bytes: Buffer;
}

export interface LogProducer {
  connect(): Promise<void>;
  /** Resolves once all replicas have the records, in order per topic and key. */
  send(records: readonly SentRecord[]): Promise<void>;
  disconnect(): Promise<void>;
}

export interface SentRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LogAdmin {
  connect(): Promise<void>;
  topics(): Promise<readonly string[]>;
  /** Partitions without a committed offset have -1 or are left out. */
  committed(groupId: string, topics: readonly string[]): Promise<readonly OffsetToCommit[]>;
  /** Bounds of each partition by topic. Throws if a topic is missing. */
  bounds(topics: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionBounds[]>>;
  /** Id of each topic that exists; a topic that is created again has another id. */
  topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>>;
  disconnect(): Promise<void>;
}

export interface PartitionBounds {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}
