import { setTimeout as sleep } from 'node:timers/promises';
import { crashAt } from '@sluice/crash-point';
import type { Outbox, OutboxRow, OutgoingMessage } from '@sluice/postgres';
import type { Kafka } from 'kafkajs';
import { inSends } from './in-sends.js';
import type { Logger } from './logger.js';
import { sortable } from './wire/sortable.js';
import { RenewableProducer } from './renewable-producer.js';

const SWEEP_MS = 1_000;
const SWEEP_SOON_MS = 20;
const RETRY_MS = 500;
const SEND_LIMIT = 2_000;
const SEND_BYTES = 700_000;
const LATE_AFTER_MS = 30_000;

/**
 * Publishes outbox rows right after their commit: one send at a time, in commit order, as many rows as have gathered.
 * A sweep adopts what another process left behind. Delivery is at least once; ids stay, so consumers can tell.
 */
export class OutboxRelay {
  private readonly producer: RenewableProducer;
  private readonly stopped = new AbortController();
  private queue: OutboxRow[] = [];
  private draining = false;
  private drained: Promise<void> = Promise.resolve();
  private sweeping: Promise<void> | null = null;
  private sweepSoon = false;
  private wake: () => void = () => undefined;
  private sendingSince: number | null = null;
  /** Published rows that could not be removed yet. */
  private leftover: string[] = [];

  constructor(
    kafka: Kafka,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {
    this.producer = new RenewableProducer(kafka);
  }

  /** Does not wait for Kafka: a service that starts while Kafka is away is unready, not dead. */
  start(): Promise<void> {
    this.outbox.handOver((row) => this.take(row));
    this.producer.get().catch((error: unknown) => this.logger.warn({ err: error }, 'no producer yet, will be tried again'));
    this.sweeping = this.sweepForever();
    return Promise.resolve();
  }

  /** Publishes what is queued, then disconnects. What cannot be sent in time stays in the table for a sweep. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.sweeping;
    await Promise.race([this.drained, sleep(5_000, undefined, { ref: false })]);
    await this.producer.close();
  }

  /** Reasons why messages are not leaving; empty when they are. */
  faults(): string[] {
    if (!this.producer.isConnected()) return ['outbox: no connection to Kafka'];
    const ms = this.sendingSince === null ? 0 : Date.now() - this.sendingSince;
    return ms > LATE_AFTER_MS ? [`outbox: nothing could be published for ${ms} ms`] : [];
  }

  private take(row: OutboxRow): void {
    if (!row.mine) {
      this.sweepSoon = true; // it waits behind an older row of the same withdrawal
      return this.wake();
    }
    this.queue.push(row);
    if (!this.draining) this.drained = this.drain();
  }

  private async drain(): Promise<void> {
    this.draining = true; // and false again in the same breath in which the queue is seen empty
    for (let rows = this.next(); rows.length > 0; rows = this.next()) {
      this.sendingSince ??= Date.now();
      try {
        await this.publish(rows);
        this.sendingSince = null;
      } catch (error) {
        this.logger.warn({ err: error, rows: rows.length }, 'messages not published, will be tried again');
        this.queue.unshift(...rows);
        if (this.stopped.signal.aborted) break;
        await sleep(RETRY_MS);
      }
    }
    this.draining = false;
  }

  private next(): OutboxRow[] {
    let size = 0;
    const count = this.queue.findIndex((row) => (size += row.messages.length) > SEND_LIMIT);
    return this.queue.splice(0, count === -1 ? this.queue.length : Math.max(count, 1));
  }

  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    const messages = rows.flatMap((row) => row.messages);
    crashAt('K3');
    for (const part of inSends(messages, SEND_BYTES)) await this.send(part);
    crashAt('K4');
    this.forget(rows.map((row) => row.id));
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const byTopic = Map.groupBy(messages, (message) => message.topic);
    try {
      const producer = await this.producer.get();
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, group]) => ({ topic, messages: sortable(group.map(recordOf)) })),
      });
    } catch (error) {
      this.producer.discard();
      throw error;
    }
  }

  /** Not awaited by the next send. What is published and still there when this process dies is published again by a sweep, under the same ids. */
  private forget(published: readonly string[]): void {
    const ids = [...this.leftover.splice(0), ...published];
    this.outbox.remove(ids).catch((error: unknown) => {
      this.leftover.push(...ids);
      this.logger.warn({ err: error }, 'published outbox rows not removed, will be tried again');
    });
  }

  private async sweepForever(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.sweepSoon = false;
      try {
        const rows = await this.outbox.adopt();
        rows.forEach((row) => this.take(row));
      } catch (error) {
        this.logger.warn({ err: error }, 'outbox not swept, will be tried again');
      }
      if (this.leftover.length > 0) this.forget([]);
      await this.pause();
    }
  }

  /** Until the next regular sweep, or sooner when `wake` is called. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const regular = setTimeout(resolve, this.sweepSoon || this.stopped.signal.aborted ? SWEEP_SOON_MS : SWEEP_MS);
      this.wake = () => {
        this.wake = () => undefined;
        clearTimeout(regular);
        setTimeout(resolve, SWEEP_SOON_MS);
      };
    });
  }
}

function recordOf({ key, value, headers, encoding }: OutgoingMessage) {
  return { key, value: encoding === undefined ? value : Buffer.from(value, encoding), headers };
}
