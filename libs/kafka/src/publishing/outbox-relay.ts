import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundLoop, crashAt, type Logger, monotonicMs, restAfterMs } from '@sluice/runtime';
import type { Outbox, OutboxRow, OutgoingMessage } from '@sluice/postgres';
import { DeferredMessages, splitIntoSends, type SplitRow } from './deferred-messages.js';
import type { RecordLog, SentRecord } from '../port/record-log.js';
import { RenewableProducer } from './renewable-producer.js';
import { inSendSpans } from '../port/spans.js';

/**
 * Linger time (ms) for messages without a waiting client: each turn costs every reader as much as
 * its messages.
 */
const GATHER_MS = 50;
const SWEEP_MS = 1_000;
const SWEEP_SOON_MS = 20;
/** Sweep interval (ms) while rows wait behind rows of another process. */
const SWEEP_BEHIND_MS = 100;
const RETRY_MS = 500;
const SEND_LIMIT_MESSAGES = 2_000;
const SEND_LIMIT_BYTES = 700_000;
const LATE_AFTER_MS = 10_000;
const TOPIC_CHECK_MS = 3_000;

/**
 * Publishes outbox rows soon after commit: one send at a time, in commit order, at once if a client
 * waits. A sweep adopts rows left by another process. Delivery is at least once, under the
 * messages' ids. Messages to a missing topic are deferred, with those that must not overtake.
 * Unreadable rows, and topics of other producers, are set aside and never published.
 */
export class OutboxRelay {
  private readonly producer: RenewableProducer;
  private readonly stopped = new AbortController();
  private readonly deferred = new DeferredMessages();
  private queue: OutboxRow[] = [];
  /** True while `drain` is running. */
  private draining = false;
  private drained: Promise<void> = Promise.resolve();
  private readonly sweeper: BackgroundLoop;
  private sweepSoon = false;
  private sentAt = -Infinity;
  /** True if a client waits for a queued message. */
  private isHurried = false;
  private endGathering: () => void = () => undefined;
  private sendingSince: number | null = null;
  private tookMs = 0;
  /** Topics still missing, set when one has appeared, to retry deferred messages. */
  private stillMissing: readonly string[] | null = null;
  private topicsCheckedAt = -Infinity;
  private removal: NodeJS.Timeout | null = null;
  private readonly removals = new Set<Promise<void>>();
  private foreign: { readonly id: string; readonly cause: string }[] = [];
  private setAsideCount = 0;

  constructor(
    private readonly log: RecordLog,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
    /** True if this service produces the topic; null for a service without topics. */
    private readonly produces: ((topic: string) => boolean) | null,
    /** Returns true if a client request waits for the message. */
    private readonly isAwaited: (message: OutgoingMessage) => boolean,
  ) {
    this.sweeper = new BackgroundLoop('sweep of the outbox', logger, () => this.sweep());
    this.producer = new RenewableProducer(log);
  }

  /** Does not wait for Kafka: a service started during a Kafka outage is unready, not dead. */
  start(): Promise<void> {
    this.outbox.onCommitted((row) => this.enqueue(row));
    this.outbox.onRowsLeft(() => this.sweepNow());
    this.connect();
    this.sweeper.start();
    return Promise.resolve();
  }

  /** Publishes and deletes queued rows, and disconnects; a sweep takes the rest. */
  async stop(): Promise<void> {
    this.stopped.abort();
    this.endGathering();
    await this.sweeper.stop();
    const settled = this.drained.then(() => (this.removePublished(), Promise.all(this.removals)));
    await Promise.race([settled, sleep(5_000, undefined, { ref: false })]);
    await this.producer.close();
  }

  faults(): string[] {
    if (this.produces !== null && !this.producer.isConnected())
      return ['outbox: no connection to Kafka'];
    const ms = this.sendingSince === null ? 0 : monotonicMs() - this.sendingSince;
    const stuck = [...this.deferred.countByTopic()].map(
      ([topic, count]) => `outbox: topic ${topic} does not exist; ${count} messages wait for it`,
    );
    const late =
      ms > LATE_AFTER_MS ? [`outbox: nothing could be published for ${Math.round(ms)} ms`] : [];
    const foreign =
      this.setAsideCount > 0
        ? [
            `outbox: set aside ${this.setAsideCount} rows not written by this service; check set_aside_row, then restart the service`,
          ]
        : [];
    return [...stuck, ...late, ...foreign];
  }

  private enqueue(row: OutboxRow): void {
    const fault = row.fault ?? foreignTopic(row, this.produces);
    if (fault !== undefined) return this.setAside(row.id, fault);
    if (!row.isOwned) return this.sweepNow(); // it waits behind an older row of the same withdrawal
    this.queue.push(row);
    if (row.messages.some(this.isAwaited)) this.hurry();
    this.startDraining();
  }

  private sweepNow(): void {
    this.sweepSoon = true;
    this.sweeper.wake();
  }

  private setAside(id: string, cause: string): void {
    this.setAsideCount += 1;
    this.logger.error(
      { row: id, cause },
      'an outbox row was set aside: its messages are not published',
    );
    this.foreign.push({ id, cause });
    void this.moveForeign();
  }

  private async moveForeign(): Promise<void> {
    const rows = this.foreign.splice(0);
    for (const row of rows)
      await this.outbox.setAside(row.id, row.cause).catch((error: unknown) => {
        this.foreign.push(row);
        this.logger.warn(
          { err: error },
          'an outbox row could not be set aside and will be retried',
        );
      });
  }

  private hurry(): void {
    if (this.isHurried) return;
    this.isHurried = true;
    this.endGathering();
  }

  private startDraining(): void {
    if (!this.draining) this.drained = this.drain();
  }

  private async drain(): Promise<void> {
    // set to false without an await after the empty-queue check: no row stays in the queue
    this.draining = true;
    while (this.queue.length > 0 || this.stillMissing !== null) {
      await this.gather();
      const rows = this.next();
      if (rows.length === 0) continue;
      this.sendingSince ??= monotonicMs();
      try {
        await this.publish(rows);
        this.sentAt = monotonicMs();
        this.tookMs = this.sentAt - this.sendingSince;
        this.sendingSince = null;
      } catch (error) {
        this.logger.warn(
          { err: error, rows: rows.length },
          'messages were not published and will be retried',
        );
        this.queue.unshift(...rows);
        if (this.stopped.signal.aborted) break;
        if (!(await this.findMissingTopics(rows))) await sleep(RETRY_MS);
      }
    }
    this.draining = false;
  }

  private async gather(): Promise<void> {
    if (!this.isHurried) await this.rest(GATHER_MS);
    if (this.isHurried) await this.rest(restAfterMs(this.tookMs));
  }

  private async rest(ms: number): Promise<void> {
    const restMs = this.sentAt + ms - monotonicMs();
    if (restMs <= 0 || this.stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs);
      this.endGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Rows of the next send; parked rows of a new topic are older and come first. */
  private next(): OutboxRow[] {
    if (this.stillMissing !== null) this.queue.unshift(...this.deferred.takeAll(this.stillMissing));
    this.stillMissing = null;
    let size = 0;
    const count = this.queue.findIndex(
      (row) => (size += row.messages.length) > SEND_LIMIT_MESSAGES,
    );
    const rows = this.queue.splice(0, count === -1 ? this.queue.length : Math.max(count, 1));
    this.isHurried = this.queue.length > 0; // rows left over by a full send follow immediately
    return rows;
  }

  private async publish(rows: readonly OutboxRow[]): Promise<void> {
    const parts = this.deferred.split(rows);
    const messages = parts.flatMap(({ sendable }) => sendable);
    // a process reports its checks at any time: a death is planted around its work
    const isWork = messages.some(({ topic }) => !topic.startsWith('audit.'));
    if (isWork) crashAt('relay.before-send');
    for (const part of splitIntoSends(messages, SEND_LIMIT_BYTES)) await this.send(part);
    if (isWork) crashAt('relay.after-send');
    this.onPublished(
      parts.filter(({ deferred }) => deferred.length === 0).map(({ row }) => row.id),
    );
    for (const part of parts) if (part.deferred.length > 0) this.defer(part);
  }

  /**
   * Reduces the row to its deferred messages, which would block other processes; after a failure
   * all may be published again.
   */
  private defer(part: SplitRow): void {
    this.deferred.defer(part);
    if (part.sendable.length === 0) return;
    this.outbox
      .keepOnly(part.row.id, part.deferred)
      .catch((error: unknown) =>
        this.logger.warn(
          { err: error },
          'an outbox row still contains published messages: they may be published again',
        ),
      );
  }

  /** After a failed send; false if no missing topic is the cause. */
  private async findMissingTopics(rows: readonly OutboxRow[]): Promise<boolean> {
    const wanted = [...new Set(rows.flatMap((row) => row.messages.map(({ topic }) => topic)))];
    const missing = this.deferred.addMissing(await this.missingOf(wanted));
    for (const topic of missing)
      this.logger.error(
        { topic },
        'a topic does not exist: its messages and the messages behind them wait',
      );
    return missing.length > 0;
  }

  /** Returns the topics missing in Kafka; empty while Kafka is unavailable. */
  private async missingOf(topics: readonly string[]): Promise<readonly string[]> {
    const admin = this.log.admin({ retries: 1 });
    try {
      await admin.connect();
      const existing = new Set(await admin.topics());
      return topics.filter((topic) => !existing.has(topic));
    } catch {
      return [];
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private async checkMissingTopics(): Promise<void> {
    if (this.deferred.isEmpty() || monotonicMs() - this.topicsCheckedAt < TOPIC_CHECK_MS) return;
    const wanted = this.deferred.missingTopics();
    const missing = await this.missingOf(wanted);
    this.topicsCheckedAt = monotonicMs();
    if (missing.length === wanted.length) return;
    this.stillMissing = missing;
    this.startDraining();
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<void> {
    try {
      const producer = await this.producer.get();
      await inSendSpans(messages, () => producer.send(messages.map(recordOf)));
    } catch (error) {
      this.producer.discard();
      throw error;
    }
  }

  /** Rows that are published but not deleted when this process dies are published again after a sweep, under the same ids. */
  private onPublished(ids: readonly string[]): void {
    this.outbox.published(ids);
    this.removal ??= setTimeout(() => this.removePublished(), this.outbox.publishedStayMs);
  }

  private removePublished(): void {
    if (this.removal) clearTimeout(this.removal);
    this.removal = null;
    const removal = this.outbox
      .removePublished()
      .catch((error: unknown) => {
        this.logger.warn(
          { err: error },
          'published outbox rows were not removed and will be removed again',
        );
      })
      .finally(() => this.removals.delete(removal));
    this.removals.add(removal);
  }

  /** Connects even without messages: a failure must show in `/readyz` before the first send. */
  private connect(): void {
    if (this.produces === null || !this.producer.isIdle()) return;
    this.producer
      .get()
      .catch((error: unknown) =>
        this.logger.warn(
          { err: error },
          'the producer is not connected and will be connected again',
        ),
      );
  }

  /** Adopts rows of other processes, after a brief wait for bursts of wakeups. */
  private async sweep(): Promise<number> {
    const isWoken = this.sweepSoon;
    if (isWoken) await sleep(SWEEP_SOON_MS);
    this.sweepSoon = false;
    this.connect();
    if (isWoken || this.outbox.isUnsettled) await this.adopt();
    if (this.removal === null) this.removePublished(); // rows of a failed removal
    await this.moveForeign();
    await this.checkMissingTopics();
    return this.outbox.isBehindOthers ? SWEEP_BEHIND_MS : SWEEP_MS;
  }

  private async adopt(): Promise<void> {
    try {
      for (const row of await this.outbox.adopt()) this.enqueue(row);
    } catch (error) {
      this.logger.warn({ err: error }, 'the outbox was not swept and will be swept again');
    }
  }
}

function foreignTopic(
  { messages }: OutboxRow,
  produces: ((topic: string) => boolean) | null,
): string | undefined {
  const foreign = messages.find(({ topic }) => !produces?.(topic));
  return foreign && `this service does not produce ${foreign.topic}`;
}

function recordOf({ topic, key, value, headers }: OutgoingMessage): SentRecord {
  return { topic, key, value, headers };
}
