import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@sluice/background';
import type { FetchedBatch, LogConsumer } from './record-log.js';

export interface RestartingConsumerOptions {
  readonly topics: readonly string[];
  /** Creates a consumer that is not connected yet. */
  readonly create: () => LogConsumer;
  readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  readonly concurrentPartitions: number;
  /** Called before each new consumer joins its group. */
  readonly beforeJoin: () => Promise<void>;
  /** Called with each new consumer, to listen to its events. */
  readonly onCreated: (consumer: LogConsumer) => void;
  /** Called when the current consumer has stopped, before it is replaced. */
  readonly onStopped: (error: Error) => void;
  /** For how long there was no sign of life from the current consumer. */
  readonly silentMs: () => number;
  readonly logger: Logger;
  /** Called for an error that a new consumer would meet again: this process is configured wrongly. */
  readonly onFatal: (error: Error) => void;
}

const RESTART_DELAY_MS = { first: 250, max: 15_000 };
const SILENCE_CHECK_MS = 5_000;
const REPLACE_AFTER_SILENT_MS = 60_000;
/** A consumer that is replaced may hang while it disconnects; the next one waits no longer than this. */
const DISCONNECT_LIMIT_MS = 10_000;
/** A group of another kind of client, a session that the broker does not allow, a name that cannot be one. */
const NON_RETRYABLE = [
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_GROUP_ID',
];

/**
 * A consumer that is replaced by a new one whenever it stops. kafkajs gives up over transient faults (no coordinator while a broker starts, a broker
 * that has moved), and restarts for only some of them: while Kafka is away or flaps, for however long, a service has to wait and go on.
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

  /** The current consumer works: should it stop, the next one starts without a long delay. */
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
        'the consumer has stopped, and is replaced',
      );
      await this.disconnect();
      await sleep(this.delayMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      this.delayMs = Math.min(this.delayMs * 2, RESTART_DELAY_MS.max);
    }
  }

  /** Returns why it stopped; null after `stop()`. */
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

  /** Returns an error once the consumer has been silent for too long; null when `end` is aborted. */
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
