import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Message, Topic } from '@sluice/messages';
import type { ParkedMessages } from '@sluice/postgres';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer } from './batch-consumer.js';
import type { HandlerExtras } from './batch-handler.js';
import type { Logger } from './logger.js';

export interface BatchServerOptions {
  kafka: Kafka;
  groupId: string;
  parked: ParkedMessages;
  logger: Logger;
  /** How long the group waits for a member that went silent: as long is it deaf after `kill -9`. No less than the broker allows. */
  sessionMs: number;
  /** Called when the consumer has stopped for good while the process lives: the process should exit, so that it is started again. */
  onFatal: (error: Error) => void;
}

const PARTITIONS_AT_ONCE = 12;
/** A backlog comes in batches of some thousand messages, and another fetch is only made when those are done. */
const FETCH_BYTES = { all: 16 * 2 ** 20, partition: 2 * 2 ** 20 };
const DEAF_AFTER_MS = 30_000;
const LONGEST_HEARTBEAT_MS = 1_000;
/** One beat that comes late must not cost the membership. */
const BEATS_PER_SESSION = 4;

/** An offset costs the broker as much as a message, and nothing waits for it: a crash before it has moved brings back what the inbox knows. */
const COMMIT_AFTER_MS = 100;

interface Done {
  readonly payload: EachBatchPayload;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/**
 * Nest transport strategy for batches. Nest's own Kafka server takes one message at a time, drops what has no handler and
 * commits what failed; here a handler gets batches, the offset moves after its transaction, and nothing is dropped.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private consumer: Consumer | null = null;
  private lastHeard = 0;
  private leftAt: number | null = null;
  /** Times this member has joined; a batch from before the last belongs to nobody. */
  private joins = 0;
  /** The newest of each partition that has not been committed yet. */
  private readonly uncommitted = new Map<string, Done>();
  private committing: NodeJS.Timeout | null = null;
  private readonly heartbeatMs: number;

  constructor(private readonly options: BatchServerOptions) {
    super();
    this.heartbeatMs = Math.min(LONGEST_HEARTBEAT_MS, options.sessionMs / BEATS_PER_SESSION);
  }

  listen(callback: (error?: Error) => void): void {
    this.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.commit();
    await this.consumer?.disconnect();
    this.consumer = null;
  }

  /** Reasons why this consumer cannot be relied on now; empty when it can. */
  faults(): string[] {
    if (this.messageHandlers.size === 0) return [];
    if (this.joins === 0) return ['kafka: not a member of its consumer group yet'];
    // Whenever a member comes or goes all the others leave for a moment: that alone must not make every instance unready at once.
    const silentMs = Date.now() - Math.min(this.lastHeard, this.leftAt ?? Infinity);
    return silentMs > DEAF_AFTER_MS ? [`kafka: heard nothing from the group for ${silentMs} ms`] : [];
  }

  /** Stops taking new batches; what has been taken is finished. */
  pause(): void {
    this.consumer?.pause([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  resume(): void {
    this.consumer?.resume([...this.messageHandlers.keys()].map((topic) => ({ topic })));
  }

  override on(): never {
    throw new Error('BatchServer has no events');
  }

  override unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const consumers = new Map([...this.messageHandlers].map(([name, handler]) => [name, this.consumerOf(handler)]));
    if (consumers.size === 0) return;
    this.consumer = this.options.kafka.consumer({
      groupId: this.options.groupId,
      sessionTimeout: this.options.sessionMs,
      heartbeatInterval: this.heartbeatMs,
      rebalanceTimeout: 20_000,
      maxWaitTimeInMs: 500,
      maxBytes: FETCH_BYTES.all,
      maxBytesPerPartition: FETCH_BYTES.partition,
      retry: { retries: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(true) },
    });
    this.watch(this.consumer);
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...consumers.keys()], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.each(payload, consumers.get(payload.batch.topic)),
    });
  }

  private async each(payload: EachBatchPayload, consumer: BatchConsumer | undefined): Promise<void> {
    // kafkajs neither fetches nor beats while batches are at work; what a beat finds out, the one at the end finds out as well.
    const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), this.heartbeatMs);
    try {
      const { joins } = this;
      const isOurs = () => payload.isRunning() && !payload.isStale() && joins === this.joins;
      if (!consumer || !(await consumer.take(payload, isOurs))) return;
      if (joins !== this.joins) return; // the group has met since: who has the partition now gets these again, and the inbox knows them
      const { topic, partition } = payload.batch;
      payload.resolveOffset(payload.batch.lastOffset());
      this.uncommitted.set(`${topic} ${partition}`, { payload, topic, partition, offset: (BigInt(payload.batch.lastOffset()) + 1n).toString() });
      if (payload.isRunning()) this.committing ??= setTimeout(() => void this.commit(), COMMIT_AFTER_MS);
      else await this.commit(); // the last chance: the group is about to be left
    } finally {
      clearInterval(beating);
    }
    await payload.heartbeat().catch(async (error: unknown) => {
      await this.commit(); // the group is about to meet anew: nobody need be given again what is done
      throw error;
    });
  }

  /** One request for all partitions that are done. By the payload: the consumer itself commits nothing once it is stopping. */
  private async commit(): Promise<void> {
    if (this.committing) clearTimeout(this.committing);
    this.committing = null;
    const done = [...this.uncommitted.values()];
    this.uncommitted.clear();
    const byTopic = Map.groupBy(done, ({ topic }) => topic);
    const topics = [...byTopic].map(([topic, parts]) => ({ topic, partitions: parts.map(({ partition, offset }) => ({ partition, offset })) }));
    await done
      .at(-1)
      ?.payload.commitOffsetsIfNecessary({ topics })
      .catch((error: unknown) => {
        this.options.logger.warn({ err: error }, 'offsets not committed: should nothing follow, these messages come again, and the inbox knows them');
      });
  }

  private consumerOf(handler: MessageHandler): BatchConsumer {
    const { topic, lanes } = handler.extras as HandlerExtras;
    const handle = async (batch: readonly Message<Topic>[]): Promise<void> => {
      const answer: unknown = await handler(batch);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    };
    return new BatchConsumer({ topic, lanes, handler: handle, parked: this.options.parked, logger: this.options.logger });
  }

  private watch(consumer: Consumer): void {
    const heard = () => (this.lastHeard = Date.now());
    consumer.on('consumer.heartbeat', heard);
    consumer.on('consumer.fetch', heard);
    consumer.on('consumer.group_join', () => {
      this.uncommitted.clear(); // the partitions may be another's now
      this.leftAt = null;
      this.joins++;
      heard();
    });
    const left = () => (this.leftAt ??= Date.now());
    consumer.on('consumer.rebalancing', left);
    consumer.on('consumer.crash', ({ payload }) => {
      left();
      if (!payload.restart) this.options.onFatal(payload.error);
    });
  }
}
