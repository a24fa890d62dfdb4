import { monotonicMs } from '@sluice/clock';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Message, Topic } from '@sluice/messages';
import type { DeadLetters, SkippedBatches } from '@sluice/postgres';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer } from './batch-consumer.js';
import type { HandlerExtras } from './batch-handler.js';
import { CorruptBatches } from './corrupt-batches.js';
import { KeptConsumer } from './kept-consumer.js';
import { LogWatch } from './log-watch.js';
import type { Logger } from './logger.js';
import { OffsetCommits } from './offset-commits.js';
import { Progress } from './progress.js';
import type { FetchedMessage } from './wire/fetched-record.js';

export interface BatchServerOptions {
  kafka: Kafka;
  groupId: string;
  deadLetters: DeadLetters;
  skipped: SkippedBatches;
  logger: Logger;
  /** How long the group waits for a member that went silent: as long is it deaf after `kill -9`. No less than the broker allows. */
  sessionMs: number;
  /** Called when no waiting can mend why this process may not consume: it should exit. Kafka that is away or flaps is no reason. */
  onFatal: (error: Error) => void;
  /** Called when a log turns out not to be the one that was consumed: messages of this topic may be gone for good. */
  onLogLoss: (topic: string) => void;
}

const PARTITIONS_AT_ONCE = 12;
/** A backlog comes in batches of some thousand messages, and another fetch is only made when those are done. */
const FETCH_BYTES = { all: 16 * 2 ** 20, partition: 2 * 2 ** 20 };
const DEAF_AFTER_MS = 10_000;
const LONGEST_HEARTBEAT_MS = 1_000;
/** One beat that comes late must not cost the membership. */
const BEATS_PER_SESSION = 4;

/**
 * Nest transport strategy for batches. Nest's own Kafka server takes one message at a time, drops what has no handler and
 * commits what failed; here a handler gets batches, the offset moves after its transaction, and nothing is dropped.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private kept: KeptConsumer | null = null;
  private lastHeard = 0;
  private leftAt: number | null = null;
  /** Counts how often this member has joined or was lost; a batch from before belongs to nobody. */
  private term = 0;
  private isMember = false;
  /** Why the consumer before this one stopped. */
  private lostBy: Error | null = null;
  private readonly commits: OffsetCommits;
  private isPaused = false;
  private readonly heartbeatMs: number;
  private readonly corrupt: CorruptBatches;
  private readonly progress = new Progress();
  private readonly logs: LogWatch;

  constructor(private readonly options: BatchServerOptions) {
    super();
    this.heartbeatMs = Math.min(LONGEST_HEARTBEAT_MS, options.sessionMs / BEATS_PER_SESSION);
    this.commits = new OffsetCommits(options.logger);
    this.corrupt = new CorruptBatches(options.groupId, options.skipped, options.logger);
    this.logs = new LogWatch({
      ...options,
      seek: (topic, partition, offset) =>
        this.kept?.consumer?.seek({ topic, partition, offset: String(offset) }),
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
    this.corrupt.forget();
    await this.kept?.stop();
    this.logs.stop();
  }

  /** Reasons why this consumer cannot be relied on now; empty when it can. */
  faults(): string[] {
    if (this.messageHandlers.size === 0) return [];
    if (!this.isMember)
      return [
        `kafka: not a member of its consumer group yet${this.lostBy ? `: ${this.lostBy.message}` : ''}`,
      ];
    // Whenever a member comes or goes all the others leave for a moment: that alone must not make every instance unready at once.
    const silentMs = this.silentMs();
    const deaf =
      silentMs > DEAF_AFTER_MS
        ? [`kafka: heard nothing from the group for ${Math.round(silentMs)} ms`]
        : [];
    const still = this.isPaused
      ? []
      : this.progress.faults((topic, partition) => this.corrupt.has(topic, partition));
    return [...deaf, ...still, ...this.corrupt.faults()];
  }

  /** Of the partitions that are ours: how many records are not done. */
  lags(): ReturnType<Progress['lags']> {
    return this.progress.lags();
  }

  /** By topic that is consumed here: how often its log was not the one that was consumed. */
  logLosses(): ReadonlyMap<string, number> {
    return new Map(
      [...this.messageHandlers.keys()].map((topic) => [topic, this.logs.losses().get(topic) ?? 0]),
    );
  }

  /** By topic that is consumed here: how many partitions stand before a corrupt batch. */
  corruptBatches(): ReadonlyMap<string, number> {
    return new Map(
      [...this.messageHandlers.keys()].map((topic) => [topic, this.corrupt.count(topic)]),
    );
  }

  /** Stops taking new batches; what has been taken is finished. */
  pause(): void {
    this.isPaused = true;
    this.kept?.consumer?.pause([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  resume(): void {
    this.isPaused = false;
    this.kept?.consumer?.resume([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  override on(): never {
    throw new Error('BatchServer has no events');
  }

  override unwrap<T>(): T {
    return this.kept?.consumer as T;
  }

  private start(): void {
    const consumers = new Map(
      [...this.messageHandlers].map(([name, handler]) => [name, this.consumerOf(handler)]),
    );
    if (consumers.size === 0) return;
    this.kept = new KeptConsumer({
      topics: [...consumers.keys()],
      make: () => this.make(),
      eachBatch: (payload) => this.each(payload, consumers.get(payload.batch.topic)),
      partitionsAtOnce: PARTITIONS_AT_ONCE,
      prepare: () => this.logs.recall([...consumers.keys()]),
      watch: (consumer) => this.watch(consumer),
      onLost: (error) => this.lost(error),
      silentMs: () => this.silentMs(),
      logger: this.options.logger,
      onFatal: this.options.onFatal,
    });
    this.kept.start();
    this.logs.start();
  }

  private make(): Consumer {
    return this.options.kafka.consumer({
      groupId: this.options.groupId,
      sessionTimeout: this.options.sessionMs,
      heartbeatInterval: this.heartbeatMs,
      rebalanceTimeout: 20_000,
      maxWaitTimeInMs: 500,
      maxBytes: FETCH_BYTES.all,
      maxBytesPerPartition: FETCH_BYTES.partition,
      // We use no transactions; a stranger's that stays open would hold up everything behind it (ADR 17).
      readUncommitted: true,
      retry: { retries: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  private silentMs(): number {
    return monotonicMs() - Math.min(this.lastHeard, this.leftAt ?? Infinity);
  }

  private async each(
    payload: EachBatchPayload,
    consumer: BatchConsumer | undefined,
  ): Promise<void> {
    const { topic, partition } = payload.batch;
    // kafkajs neither fetches nor beats while batches are at work; what a beat finds out, the one at the end finds out as well.
    const beating = setInterval(
      () => void payload.heartbeat().catch(() => undefined),
      this.heartbeatMs,
    );
    this.progress.began(topic, partition);
    try {
      if (consumer) await this.take(payload, consumer);
    } finally {
      this.progress.ended(topic, partition);
      clearInterval(beating);
    }
    await payload.heartbeat().catch(async (error: unknown) => {
      await this.commits.commit(); // the group is about to meet anew: nobody need be given again what is done
      throw error;
    });
  }

  private async take(payload: EachBatchPayload, consumer: BatchConsumer): Promise<void> {
    const { term } = this;
    const isOurs = () => payload.isRunning() && !payload.isStale() && term === this.term;
    await this.logs.ready();
    const messages = isOurs() ? this.unread(payload) : null;
    if (messages === null) return;
    const stop = messages.find(({ broken }) => broken?.kind === 'corrupt');
    const good = stop ? messages.slice(0, messages.indexOf(stop)) : messages;
    if (good.length > 0 && !(await consumer.take(payload, good, isOurs))) return;
    if (term !== this.term) return; // the group has met since: who has the partition now gets these again, and the inbox knows them
    const { topic, partition } = payload.batch;
    this.logs.consumed(topic, partition, good);
    const done = stop ? good.at(-1)?.offset : payload.batch.lastOffset();
    if (done !== undefined) await this.moveTo(payload, BigInt(done) + 1n, good.length > 0);
    if (stop) await this.meetCorrupt(payload, stop);
    else this.corrupt.mended(topic, partition);
  }

  /** What of a fetch is to be handled. Null when it has to be fetched from elsewhere, because the log may not be the one that was consumed. */
  private unread({ batch }: EachBatchPayload): readonly FetchedMessage[] | null {
    const messages: readonly FetchedMessage[] = batch.messages;
    const first = messages[0]?.batchContext;
    if (!first) return messages;
    const { topic, partition } = batch;
    const verdict = this.logs.judge(topic, partition, first, Number(batch.highWatermark));
    if (verdict.kind === 'read')
      return verdict.from === 0
        ? messages
        : messages.filter(({ offset }) => Number(offset) >= verdict.from);
    this.kept?.consumer?.seek({ topic, partition, offset: String(verdict.at) });
    return null;
  }

  /** All before this offset is done. */
  private async moveTo(payload: EachBatchPayload, next: bigint, isNews = true): Promise<void> {
    const { topic, partition } = payload.batch;
    payload.resolveOffset((next - 1n).toString());
    if (!isNews) return;
    this.progress.moved(topic, partition, Number(next));
    await this.commits.add(payload, next, this.logs.note(topic, partition, Number(next)));
  }

  private async meetCorrupt(
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
      await this.moveTo(payload, BigInt(nextOffset));
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

  private watch(consumer: Consumer): void {
    const heard = () => (this.lastHeard = monotonicMs());
    heard();
    consumer.on('consumer.heartbeat', heard);
    consumer.on('consumer.fetch', heard);
    consumer.on(
      'consumer.end_batch_process',
      ({ payload: { topic, partition, batchSize, lastOffset } }) => {
        if (batchSize === 0) this.progress.moved(topic, partition, Number(lastOffset) + 1); // only what ends transactions: kafkajs steps over it
      },
    );
    consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
      this.forget();
      this.progress.assigned(memberAssignment);
      this.logs.joined(memberAssignment);
      if (!this.isPaused) consumer.resume(consumer.paused());
      [this.leftAt, this.lostBy, this.isMember] = [null, null, true];
      this.kept?.isWell();
      heard();
    });
    consumer.on('consumer.rebalancing', () => (this.leftAt ??= monotonicMs()));
  }

  private lost(error: Error): void {
    this.forget();
    this.progress.assigned({});
    this.logs.unassigned();
    [this.leftAt, this.lostBy, this.isMember] = [null, error, false];
  }

  /** The partitions may be another's now. */
  private forget(): void {
    this.term++;
    this.commits.forget();
    this.corrupt.forget();
  }
}
