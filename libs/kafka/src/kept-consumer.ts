import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Logger } from './logger.js';

export interface KeptConsumerOptions {
  readonly topics: readonly string[];
  /** Makes one that is not connected yet. */
  readonly make: () => Consumer;
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  readonly partitionsAtOnce: number;
  /** Done before it joins its group. */
  readonly prepare: () => Promise<void>;
  /** Called with each new one, to listen to it. */
  readonly watch: (consumer: Consumer) => void;
  /** Called when the one there was is of no use any more. */
  readonly onLost: (error: Error) => void;
  /** How long nothing at all was heard from it. */
  readonly silentMs: () => number;
  readonly logger: Logger;
  /** Called for what no waiting can mend: this process is configured wrongly. */
  readonly onFatal: (error: Error) => void;
}

const AGAIN_MS = { first: 250, most: 15_000 };
const LOOK_MS = 5_000;
const DEAD_AFTER_MS = 60_000;
/** A consumer that is given up may hang in what it waits for; nobody waits for it longer than this. */
const PARTING_MS = 10_000;
/** A group of another kind of client, a session that the broker does not allow, a name that cannot be one. */
const WRONG = ['INCONSISTENT_GROUP_PROTOCOL', 'INVALID_SESSION_TIMEOUT', 'INVALID_GROUP_ID'];

/**
 * A consumer that is made anew whenever it stops. kafkajs gives up over faults that pass (no coordinator while a broker comes up, a broker
 * that has moved), and some of them it does not take as reasons to start again: while Kafka is away or flaps, for however long, a service waits.
 */
export class KeptConsumer {
  private current: Consumer | null = null;
  private readonly stopped = new AbortController();
  private pauseMs = AGAIN_MS.first;
  private kept: Promise<void> = Promise.resolve();

  constructor(private readonly options: KeptConsumerOptions) {}

  /** Does not wait for Kafka. */
  start(): void {
    this.kept = this.keep();
  }

  /** Ends when what was taken is finished and the group is left. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.current?.disconnect();
    await this.kept;
    this.current = null;
  }

  get consumer(): Consumer | null {
    return this.current;
  }

  /** It works: should it stop, the next one is made at once. */
  isWell(): void {
    this.pauseMs = AGAIN_MS.first;
  }

  private async keep(): Promise<void> {
    while (!this.isStopped()) {
      const error = await this.untilItStops();
      if (this.isStopped() || error === null) return;
      this.options.onLost(error);
      if (isWrong(error)) return this.options.onFatal(error);
      this.options.logger.warn(
        { err: error, againInMs: this.pauseMs },
        'the consumer has stopped, and is made anew',
      );
      await this.part();
      await sleep(this.pauseMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      this.pauseMs = Math.min(this.pauseMs * 2, AGAIN_MS.most);
    }
  }

  /** Answers why; null when it was told to. */
  private async untilItStops(): Promise<Error | null> {
    const { topics, eachBatch, partitionsAtOnce, make, watch } = this.options;
    const consumer = make();
    this.current = consumer;
    const crashed = new Promise<Error>((resolve) =>
      consumer.on('consumer.crash', ({ payload }) => resolve(payload.error)),
    );
    watch(consumer);
    const run = async (): Promise<Error> => {
      await consumer.connect();
      await this.options.prepare();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch,
      });
      return crashed;
    };
    const over = new AbortController();
    const end = AbortSignal.any([over.signal, this.stopped.signal]);
    try {
      return await Promise.race([
        run().catch((error: unknown) => asError(error)),
        crashed,
        this.untilDead(end),
      ]);
    } finally {
      over.abort();
    }
  }

  /** Answers null at the end that it is told. */
  private async untilDead(end: AbortSignal): Promise<Error | null> {
    while (await sleep(LOOK_MS, true, { signal: end }).catch(() => false)) {
      const silentMs = this.options.silentMs();
      if (silentMs > DEAD_AFTER_MS)
        return new Error(`nothing was heard from Kafka for ${Math.round(silentMs)} ms`);
    }
    return null;
  }

  private async part(): Promise<void> {
    const partitioned_table = this.current
      ?.disconnect()
      .catch((error: unknown) =>
        this.options.logger.debug({ err: error }, 'a consumer did not end in order'),
      );
    this.current = null;
    await Promise.race([partitioned_table, sleep(PARTING_MS, undefined, { ref: false })]);
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }
}

function isWrong(error: Error): boolean {
  const type = 'type' in error ? error.type : null;
  if (typeof type === 'string' && WRONG.includes(type)) return true;
  return error.cause instanceof Error && isWrong(error.cause);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(JSON.stringify(error));
}
