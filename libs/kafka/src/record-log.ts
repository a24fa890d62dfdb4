/**
 * What this library asks of a client of Kafka; the folder `kafkajs` is its one adapter. Everything beside it speaks these types alone.
 * Offsets are numbers: exact up to 2^53.
 */
export interface RecordLog {
  /** What a batch is known by when it is read again. Checkpoints of one kind are never compared with those of the other. */
  readonly batchesKnownBy: BatchIdentity;
  /** A member of a group that is not connected yet. */
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
}

/** `checksum`: the batch's own, which is compared with its bytes. `header`: the times and sequence numbers in its head; its bytes are believed. */
export type BatchIdentity = 'checksum' | 'header';

export interface ConsumerOptions {
  readonly groupId: string;
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  /** Of which topics it takes the partitions, where several members share a process; of any, until all members of the group say so. */
  readonly takes?: readonly string[];
}

/** Reads from the beginning where the group has no offset, and also what transactions have not committed. Commits nothing by itself. */
export interface LogConsumer {
  listen(listeners: Partial<ConsumerListeners>): void;
  connect(): Promise<void>;
  /** Joins the group; fetches on while `eachBatch` resolves. Batches of one partition come one after the other. */
  run(options: {
    readonly topics: readonly string[];
    readonly concurrentPartitions: number;
    readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  }): Promise<void>;
  /** The next fetch of the partition begins at this offset. */
  seek(topic: string, partition: number, offset: number): void;
  /** Stops fetching these topics. */
  pause(topics: readonly string[]): void;
  resume(topics: readonly string[]): void;
  /** Fetches again whatever is paused: of each partition, or of a topic. */
  resumeAll(): void;
  /** Waits for the batches under way and leaves the group. */
  disconnect(): Promise<void>;
}

export interface ConsumerListeners {
  /** The group or a broker has answered. */
  onSignOfLife(): void;
  onJoined(assignment: Readonly<Record<string, readonly number[]>>): void;
  onRebalancing(): void;
  /** A fetch held records, and none that is handed on; `next` is behind them. */
  onNothingToHandle(topic: string, partition: number, next: number): void;
  /** It has stopped and does not go on by itself. */
  onCrash(error: Error): void;
}

/** What one fetch brought of one partition. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly FetchedRecord[];
  /** The offset behind everything that was fetched. */
  readonly nextOffset: number;
  /** Where the log ended at the time of the fetch. */
  readonly logEnd: number;
  /** False once the consumer is stopping. */
  isRunning(): boolean;
  /** The partition is paused, was sought elsewhere or is assigned no longer. */
  isStale(): boolean;
  /** Rejects while the group rebalances. */
  heartbeat(): Promise<void>;
  /** The next fetch of the partition begins at this offset. */
  advanceTo(next: number): void;
  /** Of any partitions of this consumer; also while it is stopping. */
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  /** Stops fetching the partition; returns what fetches it again. */
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
  /** A name that comes twice has several values. */
  readonly headers?: Readonly<Record<string, HeaderValue | HeaderValue[] | undefined>>;
  /** The same object for all records of a batch. */
  readonly batchContext?: BatchContext;
  /** Set where this stands for a whole batch instead of a record. */
  readonly broken?: BrokenBatch;
}

/** A batch of the log: shows whether the log is still the one that was consumed. */
export interface BatchContext {
  readonly firstOffset: number;
  /** Where the next batch begins. */
  readonly nextOffset: number;
  /** What `batchesKnownBy` says, as a number. */
  readonly checksum: number;
  /** The leader epoch in which it was appended: a new one means that the partition's leader has changed or restarted. */
  readonly leaderEpoch: number;
  /** Where the partition's log begins, as of this answer; null where the client does not tell. */
  readonly logStart: number | null;
}

/** A batch whose records cannot be used. */
export interface BrokenBatch {
  /** `corrupt`: its checksum does not fit, so no byte of it can be trusted. `unreadable`: its checksum fits, and it cannot be decoded. */
  readonly kind: 'corrupt' | 'unreadable';
  /** As the end of a sentence about the batch. */
  readonly cause: string;
  readonly bytes: Buffer;
}

export interface LogProducer {
  connect(): Promise<void>;
  /** Resolves once all replicas have the records; those of one topic and key keep their order. */
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
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  disconnect(): Promise<void>;
}

export interface PartitionBounds {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}
