import { monotonicMs } from '@sluice/clock';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Message, Topic } from '@sluice/messages';
import type { DeadLetters, SkippedBatches } from '@sluice/postgres';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer } from './batch-consumer.js';
import type { HandlerExtras } from './batch-handler.js';
import { CorruptBatches } from './corrupt-batches.js';
import { LogContinuity } from './log-continuity.js';
import type { Logger } from './logger.js';
import { OffsetCommits } from './offset-commits.js';
import { Progress } from './progress.js';
import { RestartingConsumer } from './restarting-consumer.js';
import type { FetchedMessage } from './wire/fetched-record.js';

export interface BatchServerOptions {
  kafka: Kafka;
  groupId: string;
  deadLetters: DeadLetters;
  skipped: SkippedBatches;
  logger: Logger;
  /** Kafka's session time-out: so long does the group wait for a silent member, and after `kill -9` nothing of its partitions is consumed. No less than the broker allows. */
  sessionMs: number;
  /** Called with an error that a new consumer would meet again: the process should exit. Not called because Kafka is away or flaps. */
  onFatal: (error: Error) => void;
  /** Called when a log turns out not to continue the one that was consumed: messages of this topic may be lost for good. */
  onLogLoss: (topic: string) => void;
}

const CONCURRENT_PARTITIONS = 12;
/** Large, so that a backlog comes in batches of some thousand messages: the next fetch is only made when those are done. */
const FETCH_BYTES = { total: 16 * 2 ** 20, partition: 2 * 2 ** 20 };
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
      seek: (topic, partition, offset) =>
        this.consumer?.current?.seek({ topic, partition, offset: String(offset) }),
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

  /** Stops fetching; batches under way are finished. */
  pause(): void {
    this.isPaused = true;
    this.consumer?.current?.pause([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  resume(): void {
    this.isPaused = false;
    this.consumer?.current?.resume([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  override on(): never {
    throw new Error('BatchServer has no events');
  }

  override unwrap<T>(): T {
    return this.consumer?.current as T;
  }

  private start(): void {
    const consumers = new Map(
      [...this.messageHandlers].map(([name, handler]) => [name, this.consumerOf(handler)]),
    );
    if (consumers.size === 0) return;
    this.consumer = new RestartingConsumer({
      topics: [...consumers.keys()],
      create: () => this.createConsumer(),
      eachBatch: (payload) => this.onEachBatch(payload, consumers.get(payload.batch.topic)),
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

  private createConsumer(): Consumer {
    return this.options.kafka.consumer({
      groupId: this.options.groupId,
      sessionTimeout: this.options.sessionMs,
      heartbeatInterval: this.heartbeatMs,
      rebalanceTimeout: 20_000,
      maxWaitTimeInMs: 500,
      maxBytes: FETCH_BYTES.total,
      maxBytesPerPartition: FETCH_BYTES.partition,
      // We use no Kafka transactions; one that another producer leaves open would block all records behind it (ADR 17).
      readUncommitted: true,
      retry: { retries: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  private silentMs(): number {
    return monotonicMs() - Math.min(this.lastHeartbeat, this.rebalancingSince ?? Infinity);
  }

  private async onEachBatch(
    payload: EachBatchPayload,
    consumer: BatchConsumer | undefined,
  ): Promise<void> {
    const { topic, partition } = payload.batch;
    // kafkajs sends no heartbeats while a batch is processed. Errors of these are ignored: the heartbeat at the end meets them as well.
    const heartbeats = setInterval(
      () => void payload.heartbeat().catch(() => undefined),
      this.heartbeatMs,
    );
    this.progress.began(topic, partition);
    try {
      if (consumer) await this.process(payload, consumer);
    } finally {
      this.progress.ended(topic, partition);
      clearInterval(heartbeats);
    }
    await payload.heartbeat().catch(async (error: unknown) => {
      await this.commits.commit(); // a rebalance is about to begin: what is done need not be delivered again
      throw error;
    });
  }

  private async process(payload: EachBatchPayload, consumer: BatchConsumer): Promise<void> {
    const { generation } = this;
    const isAssigned = () =>
      payload.isRunning() && !payload.isStale() && generation === this.generation;
    await this.continuity.whenCommittedLoaded();
    const messages = isAssigned() ? this.messagesToProcess(payload) : null;
    if (messages === null) return;
    const corrupt = messages.find(({ broken }) => broken?.kind === 'corrupt');
    const intact = corrupt ? messages.slice(0, messages.indexOf(corrupt)) : messages;
    if (intact.length > 0 && !(await consumer.process(payload, intact, isAssigned))) return;
    if (generation !== this.generation) return; // rebalanced meanwhile: the partition's new member gets these again, and the inbox filters them
    const { topic, partition } = payload.batch;
    this.continuity.onConsumed(topic, partition, intact);
    const done = corrupt ? intact.at(-1)?.offset : payload.batch.lastOffset();
    if (done !== undefined) await this.advanceTo(payload, BigInt(done) + 1n, intact.length > 0);
    if (corrupt) await this.onCorrupt(payload, corrupt);
    else this.corrupt.onReadOn(topic, partition);
  }

  /** The messages of a fetch that are to be processed. Null after a seek to another offset, where the log is compared with the one that was consumed. */
  private messagesToProcess({ batch }: EachBatchPayload): readonly FetchedMessage[] | null {
    const messages: readonly FetchedMessage[] = batch.messages;
    const first = messages[0]?.batchContext;
    if (!first) return messages;
    const { topic, partition } = batch;
    const decision = this.continuity.onFetched(
      topic,
      partition,
      first,
      Number(batch.highWatermark),
    );
    if (decision.kind === 'process')
      return decision.from === 0
        ? messages
        : messages.filter(({ offset }) => Number(offset) >= decision.from);
    this.consumer?.current?.seek({ topic, partition, offset: String(decision.offset) });
    return null;
  }

  /** Everything before the offset `next` is done. */
  private async advanceTo(
    payload: EachBatchPayload,
    next: bigint,
    shouldCommit = true,
  ): Promise<void> {
    const { topic, partition } = payload.batch;
    payload.resolveOffset((next - 1n).toString());
    if (!shouldCommit) return;
    this.progress.moved(topic, partition, Number(next));
    await this.commits.add(
      payload,
      next,
      this.continuity.metadataFor(topic, partition, Number(next)),
    );
  }

  private async onCorrupt(
    payload: EachBatchPayload,
    { batchContext, broken }: FetchedMessage,
  ): Promise<void> {
    if (!batchContext || !broken) return;
    const { topic, partition } = payload.batch;
    const { firstOffset, nextOffset } = batchContext;
    const batch = {
      topic,
      partition,
      offset: String(firstOffset),
      nextOffset: String(nextOffset),
      cause: broken.cause,
      bytes: broken.bytes,
    };
    if (await this.corrupt.maySkip(batch, () => payload.pause()))
      await this.advanceTo(payload, BigInt(nextOffset));
  }

  private consumerOf(handler: MessageHandler): BatchConsumer {
    const { topic, lanes } = handler.extras as HandlerExtras;
    const handle = async (batch: readonly Message<Topic>[]): Promise<void> => {
      const answer: unknown = await handler(batch);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    };
    return new BatchConsumer({
      topic,
      lanes,
      handler: handle,
      deadLetters: this.options.deadLetters,
      logger: this.options.logger,
    });
  }

  private listenTo(consumer: Consumer): void {
    const onSignOfLife = () => (this.lastHeartbeat = monotonicMs());
    onSignOfLife();
    consumer.on('consumer.heartbeat', onSignOfLife);
    consumer.on('consumer.fetch', onSignOfLife);
    consumer.on(
      'consumer.end_batch_process',
      ({ payload: { topic, partition, batchSize, lastOffset } }) => {
        if (batchSize === 0) this.progress.moved(topic, partition, Number(lastOffset) + 1); // only markers that end transactions, which kafkajs skips
      },
    );
    consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
      this.onPartitionsLost();
      this.progress.assigned(memberAssignment);
      this.continuity.onAssigned(memberAssignment);
      if (!this.isPaused) consumer.resume(consumer.paused());
      [this.rebalancingSince, this.stopError, this.isMember] = [null, null, true];
      this.consumer?.resetDelay();
      onSignOfLife();
    });
    consumer.on('consumer.rebalancing', () => (this.rebalancingSince ??= monotonicMs()));
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
