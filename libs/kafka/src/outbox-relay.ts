import { setTimeout as sleep } from 'node:timers/promises';
import { crashAt } from '@sluice/crash-point';
import type { WireMessage } from '@sluice/messages';
import type { Outbox, OutboxRow } from '@sluice/postgres';
import type { Kafka, Producer } from 'kafkajs';
import type { Logger } from './logger.js';

const SWEEP_MS = 1_000;
const SWEEP_SOON_MS = 20;
const RETRY_MS = 500;
const SEND_LIMIT = 2_000;
const LATE_AFTER_MS = 30_000;

/**
 * Publishes outbox rows right after their commit: one send at a time, in commit order, as many rows as have gathered.
 * A sweep adopts what another process left behind. Delivery is at least once; ids stay, so consumers can tell.
 */
export class OutboxRelay {
  private readonly producer: Producer;
  private readonly stopped = new AbortController();
  private queue: OutboxRow[] = [];
  private sending: Promise<void> | null = null;
  private sweeping: Promise<void> | null = null;
  private wake: (afterMs: number) => void = () => undefined;
  private failingSince: number | null = null;

  constructor(
    kafka: Kafka,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {
    this.producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false, retry: { retries: 5, maxRetryTime: 1_000 } });
  }

  async start(): Promise<void> {
    await this.producer.connect();
    this.outbox.handOver((row) => this.take(row));
    this.sweeping = this.sweepForever();
  }

  /** Publishes what is queued, then disconnects. What cannot be sent in time stays in the table for a sweep. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake(0);
    await this.sweeping;
    await Promise.race([this.sending, sleep(5_000, undefined, { ref: false })]);
    await this.producer.disconnect();
  }

  /** Reasons why messages are not leaving; empty when they are. */
  faults(): string[] {
    if (this.failingSince === null) return [];
    const ms = Date.now() - this.failingSince;
    return ms > LATE_AFTER_MS ? [`outbox: nothing could be published for ${ms} ms`] : [];
  }

  private take(row: OutboxRow): void {
    if (!row.mine) {
      return this.wake(SWEEP_SOON_MS); // it waits behind an older row of the same withdrawal
    }
    this.queue.push(row);
    this.sending ??= this.drain().finally(() => (this.sending = null));
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const rows = this.next();
      try {
        crashAt('K3');
        await this.send(rows.flatMap((row) => row.messages));
        crashAt('K4');
        this.failingSince = null;
        this.forget(rows);
      } catch (error) {
        this.failingSince ??= Date.now();
        this.logger.warn({ err: error, rows: rows.length }, 'messages not published, will be tried again');
        this.queue.unshift(...rows);
        if (this.stopped.signal.aborted) return;
        await sleep(RETRY_MS);
      }
    }
  }

  private next(): OutboxRow[] {
    let size = 0;
    const count = this.queue.findIndex((row) => (size += row.messages.length) > SEND_LIMIT);
    return this.queue.splice(0, count === -1 ? this.queue.length : Math.max(count, 1));
  }

  private async send(messages: readonly WireMessage[]): Promise<void> {
    const byTopic = Map.groupBy(messages, (message) => message.topic);
    await this.producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, group]) => ({ topic, messages: group.map(({ key, value, headers }) => ({ key, value, headers })) })),
    });
  }

  /** Not awaited by the next send: a row that is published but still there is published again by a sweep, under the same ids. */
  private forget(rows: readonly OutboxRow[]): void {
    this.outbox.remove(rows.map((row) => row.id)).catch((error: unknown) => this.logger.warn({ err: error }, 'published outbox rows not removed'));
  }

  private async sweepForever(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        const rows = await this.outbox.adopt();
        rows.forEach((row) => this.take(row));
      } catch (error) {
        this.logger.warn({ err: error }, 'outbox not swept, will be tried again');
      }
      await this.pause();
    }
  }

  /** Until the next regular sweep, or sooner when `wake` is called. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const regular = setTimeout(resolve, SWEEP_MS);
      this.wake = (afterMs) => {
        this.wake = () => undefined;
        clearTimeout(regular);
        setTimeout(resolve, afterMs);
      };
    });
  }
}
