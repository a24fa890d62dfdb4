import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/clock';
import { crashAt } from '@sluice/crash-point';
import type { Outbox, OutboxRow, OutgoingMessage } from '@sluice/postgres';
import type { Kafka } from 'kafkajs';
import { inSends } from './in-sends.js';
import type { Logger } from './logger.js';
import { sortable } from './wire/sortable.js';
import { RenewableProducer } from './renewable-producer.js';
import { SetAside, type DividedRow } from './set-aside.js';

const SWEEP_MS = 1_000;
const SWEEP_SOON_MS = 20;
const RETRY_MS = 500;
const SEND_LIMIT = 2_000;
const SEND_BYTES = 700_000;
const LATE_AFTER_MS = 10_000;
const LOOK_FOR_TOPICS_MS = 3_000;

/**
 * Publishes outbox rows right after their commit: one send at a time, in commit order, as many rows as have gathered.
 * A sweep adopts what another process left behind. Delivery is at least once; ids stay, so consumers can tell.
 * What is for a topic that does not exist waits until it does, with all that belongs behind it; everything else flows.
 */
export class OutboxRelay {
  private readonly producer: RenewableProducer;
  private readonly stopped = new AbortController();
  private readonly aside = new SetAside();
  private queue: OutboxRow[] = [];
  private draining = false;
  private drained: Promise<void> = Promise.resolve();
  private sweeping: Promise<void> | null = null;
  private sweepSoon = false;
  private wake: () => void = () => undefined;
  private sendingSince: number | null = null;
  /** Set when a topic that was missing has appeared: which are missing still. */
  private stillMissing: readonly string[] | null = null;
  private lookedForTopicsAt = -Infinity;
  /** Published rows that could not be removed yet. */
  private leftover: string[] = [];

  constructor(
    private readonly kafka: Kafka,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {
    this.producer = new RenewableProducer(kafka);
  }

  /** Does not wait for Kafka: a service that starts while Kafka is away is unready, not dead. */
  start(): Promise<void> {
    this.outbox.onCommitted((row) => this.take(row));
    this.connect();
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
    const ms = this.sendingSince === null ? 0 : monotonicMs() - this.sendingSince;
    const stuck = [...this.aside.waiting()].map(
      ([topic, count]) => `outbox: topic ${topic} does not exist; ${count} messages wait for it`,
    );
    return ms > LATE_AFTER_MS
      ? [...stuck, `outbox: nothing could be published for ${Math.round(ms)} ms`]
      : stuck;
  }

  private take(row: OutboxRow): void {
    if (!row.isOwned) {
      this.sweepSoon = true; // it waits behind an older row of the same withdrawal
      return this.wake();
    }
    this.queue.push(row);
    this.startDraining();
  }

  private startDraining(): void {
    if (!this.draining) this.drained = this.drain();
  }

  private async drain(): Promise<void> {
    this.draining = true; // and false again in the same breath in which the queue is seen empty
    for (let rows = this.next(); rows.length > 0; rows = this.next()) {
      this.sendingSince ??= monotonicMs();
      try {
        await this.publish(rows);
        this.sendingSince = null;
      } catch (error) {
        this.logger.warn(
          { err: error, rows: rows.length },
          'messages not published, will be tried again',
        );
        this.queue.unshift(...rows);
        if (this.stopped.signal.aborted) break;
        if (!(await this.learnMissingTopics(rows))) await sleep(RETRY_MS);
      }
    }
    this.draining = false;
  }

  /** What was set aside comes first, once its topic is there: it is older than all that waits behind it. */
  private next(): OutboxRow[] {
    if (this.stillMissing !== null) this.queue.unshift(...this.aside.release(this.stillMissing));
    this.stillMissing = null;
    let size = 0;
    const count = this.queue.findIndex((row) => (size += row.messages.length) > SEND_LIMIT);
    return this.queue.splice(0, count === -1 ? this.queue.length : Math.max(count, 1));
  }

  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    const parts = this.aside.divide(rows);
    const messages = parts.flatMap(({ go }) => go);
    crashAt('relay.before-send');
    for (const part of inSends(messages, SEND_BYTES)) await this.send(part);
    crashAt('relay.after-send');
    this.forget(parts.filter(({ wait }) => wait.length === 0).map(({ row }) => row.id));
    for (const part of parts) if (part.wait.length > 0) this.setAside(part);
  }

  /** The row keeps only what has not left: for other processes it then stands before no other withdrawal. Should that fail, it is sent again as a whole one day. */
  private setAside(part: DividedRow): void {
    this.aside.keep(part);
    if (part.go.length === 0) return;
    this.outbox
      .keepOnly(part.row.id, part.wait)
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'an outbox row still has messages that were published'),
      );
  }

  /** After a failed send. False when nothing new was learnt: then the fault is another one, and the same is tried again. */
  private async learnMissingTopics(rows: readonly OutboxRow[]): Promise<boolean> {
    const wanted = [...new Set(rows.flatMap((row) => row.messages.map(({ topic }) => topic)))];
    const news = this.aside.learn(await this.missingOf(wanted));
    for (const topic of news)
      this.logger.error(
        { topic },
        'a topic does not exist: its messages wait for it, and those behind them',
      );
    return news.length > 0;
  }

  /** Which of these topics Kafka does not have; none while it cannot be asked. */
  private async missingOf(topics: readonly string[]): Promise<readonly string[]> {
    const admin = this.kafka.admin({ retry: { retries: 1 } });
    try {
      await admin.connect();
      const there = new Set(await admin.listTopics());
      return topics.filter((topic) => !there.has(topic));
    } catch {
      return [];
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private async lookForTopics(): Promise<void> {
    if (this.aside.isEmpty() || monotonicMs() - this.lookedForTopicsAt < LOOK_FOR_TOPICS_MS) return;
    const wanted = this.aside.topics();
    const missing = await this.missingOf(wanted);
    this.lookedForTopicsAt = monotonicMs();
    if (missing.length === wanted.length) return;
    this.stillMissing = missing;
    this.startDraining();
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const byTopic = Map.groupBy(messages, (message) => message.topic);
    try {
      const producer = await this.producer.get();
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, group]) => ({
          topic,
          messages: sortable(group.map(recordOf)),
        })),
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

  /** Also where nothing waits to be sent: whether Kafka can be told anything is asked before somebody needs it. */
  private connect(): void {
    if (!this.producer.isIdle()) return;
    this.producer
      .get()
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'no producer yet, will be tried again'),
      );
  }

  private async sweepForever(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.sweepSoon = false;
      this.connect();
      try {
        const rows = await this.outbox.adopt();
        rows.forEach((row) => this.take(row));
      } catch (error) {
        this.logger.warn({ err: error }, 'outbox not swept, will be tried again');
      }
      if (this.leftover.length > 0) this.forget([]);
      await this.lookForTopics();
      await this.pause();
    }
  }

  /** Until the next regular sweep, or sooner when `wake` is called. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const regular = setTimeout(
        resolve,
        this.sweepSoon || this.stopped.signal.aborted ? SWEEP_SOON_MS : SWEEP_MS,
      );
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
