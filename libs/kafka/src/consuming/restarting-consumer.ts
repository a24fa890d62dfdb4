import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@sluice/runtime';
import type { FetchedBatch, LogConsumer } from '../port/record-log.js';

interface RestartingConsumerOptions {
  readonly topics: readonly string[];
  readonly create: () => LogConsumer;
  readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  readonly concurrentPartitions: number;
  readonly beforeJoin: () => Promise<void>;
  readonly onCreated: (consumer: LogConsumer) => void;
  readonly onStopped: (error: Error) => void;
  /** Time since the last sign of life of the current consumer (ms). */
  readonly silentMs: () => number;
  readonly logger: Logger;
  /** Called for an error a new consumer would repeat: this process is misconfigured. */
  readonly onFatal: (error: Error) => void;
}

const RESTART_DELAY_MS = { first: 250, max: 15_000 };
const SILENCE_CHECK_MS = 5_000;
const REPLACE_AFTER_SILENT_MS = 60_000;
/** The next consumer waits no longer (ms) for the disconnect of a replaced one. */
const DISCONNECT_LIMIT_MS = 10_000;
/**
 * Another client type's group, a session timeout outside the broker's range, an invalid group name.
 */
const NON_RETRYABLE = [
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_GROUP_ID',
];

/**
 * A consumer replaced after every stop: kafkajs gives up on transient faults, and a service must
 * survive any Kafka outage.
 */
export class RestartingConsumer {
  private active: LogConsumer | null = null;
  private readonly stopped = new AbortController();
  private delayMs = RESTART_DELAY_MS.first;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: RestartingConsumerOptions) {}

  /** Does not wait for Kafka. */
  start(): void {
    this.running = this.run();
  }

  /** Resolves once the batches under way are finished and the group is left. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.active?.disconnect();
    await this.running;
    this.active = null;
  }

  get current(): LogConsumer | null {
    return this.active;
  }

  /** Resets the restart delay, because the current consumer works. */
  resetDelay(): void {
    this.delayMs = RESTART_DELAY_MS.first;
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      const error = await this.runUntilStopped();
      if (this.isStopped() || error === null) return;
      this.options.onStopped(error);
      if (isNonRetryable(error)) return this.options.onFatal(error);
      this.options.logger.warn(
        { err: error, againInMs: this.delayMs },
        'the consumer stopped and is replaced',
      );
      await this.disconnect();
      await sleep(this.delayMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      this.delayMs = Math.min(this.delayMs * 2, RESTART_DELAY_MS.max);
    }
  }

  /** Returns the cause of the stop; null after `stop()`. */
  private async runUntilStopped(): Promise<Error | null> {
    const { topics, eachBatch, concurrentPartitions, create, onCreated } = this.options;
    const consumer = create();
    this.active = consumer;
    const crashed = new Promise<Error>((onCrash) => consumer.listen({ onCrash }));
    onCreated(consumer);
    const consume = async (): Promise<Error> => {
      await consumer.connect();
      await this.options.beforeJoin();
      await consumer.run({ topics, concurrentPartitions, eachBatch });
      return crashed;
    };
    const done = new AbortController();
    const end = AbortSignal.any([done.signal, this.stopped.signal]);
    try {
      return await Promise.race([
        consume().catch((error: unknown) => asError(error)),
        crashed,
        this.untilSilent(end),
      ]);
    } finally {
      done.abort();
    }
  }

  /** Returns an error once the consumer's silence exceeds the limit; null when `end` is aborted. */
  private async untilSilent(end: AbortSignal): Promise<Error | null> {
    while (await sleep(SILENCE_CHECK_MS, true, { signal: end }).catch(() => false)) {
      const silentMs = this.options.silentMs();
      if (silentMs > REPLACE_AFTER_SILENT_MS)
        return new Error(`nothing was received from Kafka for ${Math.round(silentMs)} ms`);
    }
    return null;
  }

  private async disconnect(): Promise<void> {
    const disconnected = this.active
      ?.disconnect()
      .catch((error: unknown) =>
        this.options.logger.debug({ err: error }, 'a consumer failed while it disconnected'),
      );
    this.active = null;
    await Promise.race([disconnected, sleep(DISCONNECT_LIMIT_MS, undefined, { ref: false })]);
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }
}

function isNonRetryable(error: Error): boolean {
  const type = 'type' in error ? error.type : null;
  if (typeof type === 'string' && NON_RETRYABLE.includes(type)) return true;
  return error.cause instanceof Error && isNonRetryable(error.cause);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(JSON.stringify(error));
}
