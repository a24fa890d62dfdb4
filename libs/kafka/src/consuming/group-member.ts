import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, monotonicMs, restAfterMs } from '@sluice/runtime';
import type { SkippedBatches } from '@sluice/postgres';
import type { BatchConsumer } from './batch-consumer.js';
import { CorruptBatches } from '../continuity/corrupt-batches.js';
import { LogContinuity } from '../continuity/log-continuity.js';
import { OffsetCommits } from '../continuity/offsets.js';
import { type PartitionLag, Progress } from './progress.js';
import type { FetchedBatch, FetchedRecord, LogConsumer, RecordLog } from '../port/record-log.js';
import { RestartingConsumer } from './restarting-consumer.js';

export interface GroupMemberOptions {
  readonly log: RecordLog;
  /** The group of all instances of the service. */
  readonly groupId: string;
  /** Kafka session timeout (ms): after `kill -9` the partitions wait this long. */
  readonly sessionMs: number;
  /** See `ConsumerOptions`. */
  readonly gatherMs?: number | undefined;
  readonly skipped: SkippedBatches;
  readonly logger: Logger;
  /** Called with an error that a new consumer would meet again: the process should exit. Not called because Kafka is away or flaps. */
  readonly onFatal: (error: Error) => void;
  /** A log no longer continues the consumed log: messages of this topic may be lost. */
  readonly onLogLoss: (topic: string) => void;
}

interface MemberWork {
  readonly consumers: ReadonlyMap<string, BatchConsumer>;
  /** Topics of this member, if the process has several members. */
  readonly takes: readonly string[];
  /** True if client requests wait for the consumed messages. */
  readonly isAwaited: boolean;
}

export const NOT_A_MEMBER = 'kafka: not a member of its consumer group yet';

const CONCURRENT_PARTITIONS = 12;
/** A gathering member processes all partitions of a fetch together. */
const GATHERED_PARTITIONS = 1_000;
/**
 * Least time between the starts of two turns (ms) if no client waits: a turn costs as much as
 * dozens of messages.
 */
const GATHER_MS = 250;
/** A reading of the logs' bounds costs more than an empty fetch: a gathering member reads less often. */
const BOUNDS_OF_GATHERING_MS = 15_000;
const SILENT_AFTER_MS = 10_000;
const MAX_HEARTBEAT_MS = 1_000;
/** Heartbeats per session timeout: a single late heartbeat must not cost the membership. */
const HEARTBEATS_PER_SESSION = 4;

export class GroupMember {
  private readonly consumer: RestartingConsumer;
  /** Time of the last answer from the group or a broker, by `monotonicMs`. */
  private lastHeartbeat = 0;
  /** Since when a rebalance has been under way. */
  private rebalancingSince: number | null = null;
  /** Counts how often this member has joined or left its group: a batch of an earlier generation may be another member's now. */
  private generation = 0;
  private isMember = false;
  private stopError: Error | null = null;
  private isPaused = false;
  private readonly topics: readonly string[];
  private readonly commits: OffsetCommits;
  private readonly heartbeatMs: number;
  private readonly corrupt: CorruptBatches;
  private readonly progress = new Progress();
  private readonly continuity: LogContinuity;

  constructor(
    options: GroupMemberOptions,
    private readonly work: MemberWork,
  ) {
    const { log, groupId, sessionMs, gatherMs, logger, onFatal } = options;
    this.topics = [...work.consumers.keys()];
    this.heartbeatMs = Math.min(MAX_HEARTBEAT_MS, sessionMs / HEARTBEATS_PER_SESSION);
    this.commits = new OffsetCommits(logger);
    this.corrupt = new CorruptBatches(groupId, options.skipped, logger);
    this.continuity = new LogContinuity({
      ...options,
      ...(gatherMs !== undefined && { boundsEveryMs: BOUNDS_OF_GATHERING_MS }),
      seek: (topic, partition, offset) => this.consumer.current?.seek(topic, partition, offset),
      onBounds: (bounds, committedTo) => this.progress.measured(bounds, committedTo),
      onLoss: options.onLogLoss,
    });
    const special = {
      ...(work.takes.length < this.topics.length && { takes: work.takes }),
      ...(gatherMs !== undefined && { gatherMs }),
    };
    this.consumer = new RestartingConsumer({
      topics: this.topics,
      create: () => log.consumer({ groupId, sessionMs, heartbeatMs: this.heartbeatMs, ...special }),
      eachBatch: (fetched) => this.onEachBatch(fetched, work.consumers.get(fetched.topic)),
      concurrentPartitions: gatherMs === undefined ? CONCURRENT_PARTITIONS : GATHERED_PARTITIONS,
      beforeJoin: () => this.continuity.loadCommitted(this.topics),
      onCreated: (consumer) => this.listenTo(consumer),
      onStopped: (error) => this.onStopped(error),
      silentMs: () => this.silentMs(),
      logger,
      onFatal,
    });
  }

  start(): void {
    this.consumer.start();
    this.continuity.start();
  }

  /** Resolves once the batches under way are finished and the group is left. */
  async stop(): Promise<void> {
    await this.commits.commit();
    this.corrupt.clear();
    await this.consumer.stop();
    this.continuity.stop();
  }

  /** Reasons why this member is currently unreliable; empty if healthy. */
  faults(): readonly string[] {
    if (!this.isMember)
      return [this.stopError ? `${NOT_A_MEMBER}: ${this.stopError.message}` : NOT_A_MEMBER];
    // A rebalance takes all members out of the group for a moment: that alone must not make every instance unready at once.
    const silentMs = this.silentMs();
    const silence =
      silentMs > SILENT_AFTER_MS
        ? [`kafka: heard nothing from the group for ${Math.round(silentMs)} ms`]
        : [];
    const stuck = this.isPaused
      ? []
      : this.progress.faults((topic, partition) => this.corrupt.has(topic, partition));
    return [...silence, ...stuck, ...this.corrupt.faults()];
  }

  /** Number of unprocessed records for each assigned partition. */
  lags(): readonly PartitionLag[] {
    return this.progress.lags();
  }

  /** Number of detected log losses of a topic. */
  logLosses(topic: string): number {
    return this.continuity.losses().get(topic) ?? 0;
  }

  /** Number of partitions of a topic stopped at a corrupt batch. */
  corruptBatches(topic: string): number {
    return this.corrupt.count(topic);
  }

  /** Stops fetching; batches under way are finished. */
  pause(): void {
    this.isPaused = true;
    this.consumer.current?.pause(this.topics);
  }

  resume(): void {
    this.isPaused = false;
    this.consumer.current?.resume(this.topics);
  }

  private silentMs(): number {
    return monotonicMs() - Math.min(this.lastHeartbeat, this.rebalancingSince ?? Infinity);
  }

  private async onEachBatch(
    fetched: FetchedBatch,
    consumer: BatchConsumer | undefined,
  ): Promise<void> {
    const { topic, partition } = fetched;
    const sinceMs = monotonicMs();
    // kafkajs sends no heartbeats while a batch is processed. Errors of these are ignored: the heartbeat at the end meets them as well.
    const heartbeats = setInterval(
      () => void fetched.heartbeat().catch(() => undefined),
      this.heartbeatMs,
    );
    this.progress.began(topic, partition);
    try {
      if (consumer) await this.process(fetched, consumer);
    } finally {
      this.progress.ended(topic, partition);
      clearInterval(heartbeats);
    }
    await sleep(this.restMs(monotonicMs() - sinceMs));
    await fetched.heartbeat().catch(async (error: unknown) => {
      // a rebalance is starting: commit now to avoid redelivery of finished batches
      await this.commits.commit();
      throw error;
    });
  }

  private restMs(tookMs: number): number {
    return this.work.isAwaited ? restAfterMs(tookMs) : Math.max(GATHER_MS - tookMs, 0);
  }

  private async process(fetched: FetchedBatch, consumer: BatchConsumer): Promise<void> {
    const { generation } = this;
    const isAssigned = () =>
      fetched.isRunning() && !fetched.isStale() && generation === this.generation;
    await this.continuity.whenCommittedLoaded();
    const messages = isAssigned() ? this.messagesToProcess(fetched) : null;
    if (messages === null) return;
    const corrupt = messages.find(({ broken }) => broken?.kind === 'corrupt');
    const intact = corrupt ? messages.slice(0, messages.indexOf(corrupt)) : messages;
    if (intact.length > 0 && !(await consumer.process(fetched, intact, isAssigned))) return;
    // rebalanced meanwhile: the new member receives the messages again, and the inbox drops
    // duplicates
    if (generation !== this.generation) return;
    const { topic, partition } = fetched;
    this.continuity.onConsumed(topic, partition, intact);
    const next = corrupt ? offsetBehind(intact.at(-1)) : fetched.nextOffset;
    if (next !== null) await this.advanceTo(fetched, next, fetched.records.length > 0);
    if (corrupt) await this.onCorrupt(fetched, corrupt);
    else this.corrupt.onReadOn(topic, partition);
  }

  /** Records to process; null after a seek, which compares the log with the consumed log. */
  private messagesToProcess({
    topic,
    partition,
    records,
    logEnd,
  }: FetchedBatch): readonly FetchedRecord[] | null {
    const [first] = records;
    if (!first) return records;
    const decision = this.continuity.onFetched(topic, partition, first, logEnd);
    if (decision.kind === 'process')
      return decision.from === 0
        ? records
        : records.filter(({ offset }) => Number(offset) >= decision.from);
    this.consumer.current?.seek(topic, partition, decision.offset);
    return null;
  }

  /** Marks all records before the offset `next` as done. */
  private async advanceTo(fetched: FetchedBatch, next: number, shouldCommit = true): Promise<void> {
    const { topic, partition } = fetched;
    fetched.advanceTo(next);
    if (!shouldCommit) return;
    this.progress.moved(topic, partition, next);
    await this.commits.add(fetched, next, this.continuity.metadataFor(topic, partition, next));
  }

  private async onCorrupt(
    fetched: FetchedBatch,
    { batchContext, broken }: FetchedRecord,
  ): Promise<void> {
    if (!batchContext || !broken) return;
    const { topic, partition } = fetched;
    const { firstOffset, nextOffset } = batchContext;
    const batch = {
      topic,
      partition,
      offset: String(firstOffset),
      nextOffset: String(nextOffset),
      cause: broken.cause,
      bytes: broken.bytes,
    };
    if (await this.corrupt.maySkip(batch, () => fetched.pause()))
      await this.advanceTo(fetched, nextOffset);
  }

  private listenTo(consumer: LogConsumer): void {
    const onSignOfLife = () => void (this.lastHeartbeat = monotonicMs());
    onSignOfLife();
    consumer.listen({
      onSignOfLife,
      onNothingToHandle: (topic, partition, next) => this.progress.moved(topic, partition, next),
      onMetadataRead: () => this.continuity.invalidate(),
      onJoined: (assignment) => {
        this.onPartitionsLost();
        this.progress.assigned(assignment);
        this.continuity.onAssigned(assignment);
        if (!this.isPaused) consumer.resumeAll();
        [this.rebalancingSince, this.stopError, this.isMember] = [null, null, true];
        this.consumer.resetDelay();
        onSignOfLife();
      },
      onRebalancing: () => void (this.rebalancingSince ??= monotonicMs()),
    });
  }

  private onStopped(error: Error): void {
    this.onPartitionsLost();
    this.progress.assigned({});
    this.continuity.onUnassigned();
    [this.rebalancingSince, this.stopError, this.isMember] = [null, error, false];
  }

  /** The partitions may be assigned to another member now. */
  private onPartitionsLost(): void {
    this.generation++;
    this.commits.clear();
    this.corrupt.clear();
  }
}

function offsetBehind(record: FetchedRecord | undefined): number | null {
  return record ? Number(record.offset) + 1 : null;
}
