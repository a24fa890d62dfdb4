import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Message, Topic } from '@sluice/messages';
import type { DeadLetters, NewDeadLetter, SkippedBatches } from '@sluice/postgres';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer, type Authenticate } from './batch-consumer.js';
import type { HandlerExtras } from './batch-handler.js';
import { CorruptBatches } from './corrupt-batches.js';
import { LogContinuity } from './log-continuity.js';
import type { Logger } from '@sluice/background';
import { OffsetCommits } from './offset-commits.js';
import { Progress } from './progress.js';
import type { FetchedBatch, FetchedRecord, LogConsumer, RecordLog } from './record-log.js';
import { RestartingConsumer } from './restarting-consumer.js';

export interface BatchServerOptions {
  log: RecordLog;
  groupId: string;
  deadLetters: DeadLetters;
  skipped: SkippedBatches;
  logger: Logger;
  /** Kafka's session time-out: so long does the group wait for a silent member, and after `kill -9` nothing of its partitions is consumed. No less than the broker allows. */
  sessionMs: number;
  /** Everybody who may write to a topic can put anything on it: what is not the producer's word is dead-lettered unread. */
  authenticate: Authenticate;
  /** Called with an error that a new consumer would meet again: the process should exit. Not called because Kafka is away or flaps. */
  onFatal: (error: Error) => void;
  /** Called when a log turns out not to continue the one that was consumed: messages of this topic may be lost for good. */
  onLogLoss: (topic: string) => void;
  /** Called for each batch that its handler has taken. */
  onBatch?: (topic: string, messages: number, tookMs: number) => void;
}

const CONCURRENT_PARTITIONS = 12;
/** From the beginning of a turn to that of the next, where nobody waits for what is consumed: a turn costs as much as some dozens of messages. */
const GATHER_MS = 50;
const SILENT_AFTER_MS = 10_000;
const MAX_HEARTBEAT_MS = 1_000;
/** So many that one late heartbeat does not cost the membership. */
const HEARTBEATS_PER_SESSION = 4;

/**
 * Nest transport strategy for batches. Nest's own Kafka server takes one message at a time, drops what has no handler and
 * commits what failed; here a handler gets batches, the offset moves after its transaction, and nothing is dropped.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private consumer: RestartingConsumer | null = null;
  /** By topic. */
  private consumers: ReadonlyMap<string, BatchConsumer> = new Map();
  /** When the group or a broker answered last, by `monotonicMs`. */
  private lastHeartbeat = 0;
  /** Since when a rebalance has been under way. */
  private rebalancingSince: number | null = null;
  /** Counts how often this member has joined or left its group: a batch of an earlier generation may be another member's now. */
  private generation = 0;
  private isMember = false;
  /** Why the previous consumer stopped. */
  private stopError: Error | null = null;
  private readonly commits: OffsetCommits;
  private isPaused = false;
  /** Whether a client's request is waiting for what is consumed here. */
  private isAwaited = false;
  private readonly heartbeatMs: number;
  private readonly corrupt: CorruptBatches;
  private readonly progress = new Progress();
  private readonly continuity: LogContinuity;

  constructor(private readonly options: BatchServerOptions) {
    super();
    this.heartbeatMs = Math.min(MAX_HEARTBEAT_MS, options.sessionMs / HEARTBEATS_PER_SESSION);
    this.commits = new OffsetCommits(options.logger);
    this.corrupt = new CorruptBatches(options.groupId, options.skipped, options.logger);
    this.continuity = new LogContinuity({
      ...options,
      seek: (topic, partition, offset) => this.consumer?.current?.seek(topic, partition, offset),
      onBounds: (bounds, committedTo) => this.progress.measured(bounds, committedTo),
      onLoss: options.onLogLoss,
    });
  }

  /** Does not wait for Kafka: a service that starts while Kafka is away is unready, not dead. */
  listen(callback: (error?: Error) => void): void {
    this.start();
    callback();
  }

  async close(): Promise<void> {
    await this.commits.commit();
    this.corrupt.clear();
    await this.consumer?.stop();
    this.continuity.stop();
  }

  /** Reasons why this consumer cannot be relied on now; empty when it can. */
  faults(): string[] {
    if (this.messageHandlers.size === 0) return [];
    if (!this.isMember)
      return [
        `kafka: not a member of its consumer group yet${this.stopError ? `: ${this.stopError.message}` : ''}`,
      ];
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

  /** Of the assigned partitions: how many records are not processed yet. */
  lags(): ReturnType<Progress['lags']> {
    return this.progress.lags();
  }

  /** By topic that is consumed here: how often a log was found to have lost records. */
  logLosses(): ReadonlyMap<string, number> {
    return new Map(
      [...this.messageHandlers.keys()].map((topic) => [
        topic,
        this.continuity.losses().get(topic) ?? 0,
      ]),
    );
  }

  /** By topic that is consumed here: how many partitions are stopped at a corrupt batch. */
  corruptBatches(): ReadonlyMap<string, number> {
    return new Map(
      [...this.messageHandlers.keys()].map((topic) => [topic, this.corrupt.count(topic)]),
    );
  }

  /** Processes a dead letter in this process, so that nobody needs the right to write what it consumes. Answers why it cannot be processed, or null. */
  replay(letter: NewDeadLetter): Promise<string | null> {
    const consumer = this.consumers.get(letter.topic);
    return consumer?.replay(letter) ?? Promise.resolve(`${letter.topic} is not read here`);
  }

  /** Stops fetching; batches under way are finished. */
  pause(): void {
    this.isPaused = true;
    this.consumer?.current?.pause([...this.messageHandlers.keys()]);
  }

  resume(): void {
    this.isPaused = false;
    this.consumer?.current?.resume([...this.messageHandlers.keys()]);
  }

  override on(): never {
    throw new Error('BatchServer has no events');
  }

  override unwrap<T>(): T {
    return this.consumer?.current as T;
  }

  private start(): void {
    const consumers = new Map(
      [...this.messageHandlers].map(([name, handler]) => [name, this.consumerOf(name, handler)]),
    );
    this.consumers = consumers;
    this.isAwaited = [...consumers.values()].some(({ topic }) => topic.awaited.size > 0);
    if (consumers.size === 0) return;
    this.consumer = new RestartingConsumer({
      topics: [...consumers.keys()],
      create: () => {
        const { log, groupId, sessionMs } = this.options;
        return log.consumer({ groupId, sessionMs, heartbeatMs: this.heartbeatMs });
      },
      eachBatch: (fetched) => this.onEachBatch(fetched, consumers.get(fetched.topic)),
      concurrentPartitions: CONCURRENT_PARTITIONS,
      beforeJoin: () => this.continuity.loadCommitted([...consumers.keys()]),
      onCreated: (consumer) => this.listenTo(consumer),
      onStopped: (error) => this.onStopped(error),
      silentMs: () => this.silentMs(),
      logger: this.options.logger,
      onFatal: this.options.onFatal,
    });
    this.consumer.start();
    this.continuity.start();
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
      await this.commits.commit(); // a rebalance is about to begin: what is done need not be delivered again
      throw error;
    });
  }

  /** Where a client waits, no longer than the turn took: a machine that is busy is slow, and then more share the next turn. */
  private restMs(tookMs: number): number {
    return this.isAwaited ? Math.min(tookMs, GATHER_MS) : Math.max(GATHER_MS - tookMs, 0);
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
    if (generation !== this.generation) return; // rebalanced meanwhile: the partition's new member gets these again, and the inbox filters them
    const { topic, partition } = fetched;
    this.continuity.onConsumed(topic, partition, intact);
    const next = corrupt ? offsetBehind(intact.at(-1)) : fetched.nextOffset;
    if (next !== null) await this.advanceTo(fetched, next, intact.length > 0);
    if (corrupt) await this.onCorrupt(fetched, corrupt);
    else this.corrupt.onReadOn(topic, partition);
  }

  /** The messages of a fetch that are to be processed. Null after a seek to another offset, where the log is compared with the one that was consumed. */
  private messagesToProcess({
    topic,
    partition,
    records,
    logEnd,
  }: FetchedBatch): readonly FetchedRecord[] | null {
    const first = records[0]?.batchContext;
    if (!first) return records;
    const decision = this.continuity.onFetched(topic, partition, first, logEnd);
    if (decision.kind === 'process')
      return decision.from === 0
        ? records
        : records.filter(({ offset }) => Number(offset) >= decision.from);
    this.consumer?.current?.seek(topic, partition, decision.offset);
    return null;
  }

  /** Everything before the offset `next` is done. */
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

  private consumerOf(name: string, handler: MessageHandler): BatchConsumer {
    const { topics, lanes } = handler.extras as HandlerExtras;
    const topic = topics.find((known) => known.name === name);
    if (!topic) throw new Error(`the handler of ${name} does not say what is on it`);
    const handle = async (batch: readonly Message<Topic>[]): Promise<void> => {
      const answer: unknown = await handler(batch);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    };
    return new BatchConsumer({
      topic,
      lanes,
      handler: handle,
      onBatch: (messages, tookMs) => this.options.onBatch?.(topic.name, messages, tookMs),
      deadLetters: this.options.deadLetters,
      logger: this.options.logger,
      authenticate: this.options.authenticate,
    });
  }

  private listenTo(consumer: LogConsumer): void {
    const onSignOfLife = () => void (this.lastHeartbeat = monotonicMs());
    onSignOfLife();
    consumer.listen({
      onSignOfLife,
      onNothingToHandle: (topic, partition, next) => this.progress.moved(topic, partition, next),
      onJoined: (assignment) => {
        this.onPartitionsLost();
        this.progress.assigned(assignment);
        this.continuity.onAssigned(assignment);
        if (!this.isPaused) consumer.resumeAll();
        [this.rebalancingSince, this.stopError, this.isMember] = [null, null, true];
        this.consumer?.resetDelay();
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
