/**
 * Kafka client interface required by this library. The folder `kafkajs` contains the only adapter;
 * all other code uses only the types of this file. Offsets are numbers, exact up to 2^53.
 */
export interface RecordLog {
  /** Creates an unconnected consumer group member. */
  consumer(options: ConsumerOptions): LogConsumer;
  /** Idempotent, not connected yet. */
  producer(): LogProducer;
  /** Not connected yet. */
  admin(options: { readonly retries: number }): LogAdmin;
  /**
   * The last `most` records of each partition, in their order, without a consumer group. Throws while Kafka or the topic is away.
   * Records that cannot be decoded are left out.
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
  /**
   * Topics taken by this member if several members share a process. Default: all topics. The list
   * takes effect once all members of the group support topic lists.
   */
  readonly takes?: readonly string[];
  /** Time in ms for which the broker gathers records for a fetch. Default: the broker sends the first record at once. */
  readonly gatherMs?: number;
}

/**
 * Reads from the beginning if the group has no offset, including records of uncommitted
 * transactions. Does not commit automatically.
 */
export interface LogConsumer {
  listen(listeners: Partial<ConsumerListeners>): void;
  connect(): Promise<void>;
  /**
   * Joins the group and fetches while `eachBatch` resolves. Batches of a partition are delivered in
   * sequence.
   */
  run(options: {
    readonly topics: readonly string[];
    readonly concurrentPartitions: number;
    readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  }): Promise<void>;
  /** The next fetch of the partition begins at this offset. */
  seek(topic: string, partition: number, offset: number): void;
  /** Stops fetching the topics. */
  pause(topics: readonly string[]): void;
  resume(topics: readonly string[]): void;
  /** Resumes all paused partitions and topics. */
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
  /**
   * The client has read the cluster's metadata again, because they were old or a fetch was refused.
   * A topic may have been deleted and created again meanwhile.
   */
  onMetadataRead(): void;
  /** The consumer has stopped and does not restart automatically. */
  onCrash(error: Error): void;
}

/** Result of a fetch for a partition. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly FetchedRecord[];
  /** Offset after all fetched records. */
  readonly nextOffset: number;
  /** End of the log at the time of the fetch. */
  readonly logEnd: number;
  /** False once the consumer is stopping. */
  isRunning(): boolean;
  /** The partition is paused, was sought elsewhere or is assigned no longer. */
  isStale(): boolean;
  /** Rejects while the group rebalances. */
  heartbeat(): Promise<void>;
  /** The next fetch of the partition begins at this offset. */
  advanceTo(next: number): void;
  /** Commits offsets of any partitions of this consumer, even while the consumer is stopping. */
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  /** Stops fetching the partition; returns a function to resume. */
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

/** A batch of the log, used to detect a changed log. */
export interface BatchContext {
  readonly firstOffset: number;
  /** First offset of the next batch. */
  readonly nextOffset: number;
  /** Checksum of the batch, verified against the bytes. */
  readonly checksum: number;
  /**
   * Leader epoch of the append. A new epoch means a change or restart of the partition's leader.
   */
  readonly leaderEpoch: number;
  /** Start of the partition's log at the time of this response. */
  readonly logStart: number;
}

/** A batch with unusable records. */
export interface BrokenBatch {
  /**
   * `corrupt`: the checksum does not match, and no byte can be trusted. `unreadable`: the checksum
   * matches, but the batch cannot be decoded.
   */
  readonly kind: 'corrupt' | 'unreadable';
  /** Cause, worded as the end of a sentence about the batch. */
  readonly cause: string;
  readonly bytes: Buffer;
}

export interface LogProducer {
  connect(): Promise<void>;
  /**
   * Resolves once all replicas have the records. Records of the same topic and key keep their
   * order.
   */
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
  disconnect(): Promise<void>;
}

export interface PartitionBounds {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}
