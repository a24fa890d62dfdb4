import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { FetchedBatch, LogAdmin, OffsetToCommit, RecordLog } from '../port/record-log.js';
import { type CommittedCheckpoint, type LogBounds, parseCheckpoint } from './log-checkpoints.js';

const TIMEOUT_MS = 4_000;

export interface CommittedOffset {
  readonly offset: number;
  readonly checkpoint: CommittedCheckpoint | null;
}

export function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}

/** Log bounds and a group's committed offsets. Throws if Kafka does not answer in time. */
export class Offsets {
  private admin: Promise<LogAdmin> | null = null;

  constructor(
    private readonly log: RecordLog,
    private readonly groupId: string,
  ) {}

  /** Committed offsets by partition; partitions without a committed offset are left out. */
  committed(topics: readonly string[]): Promise<Map<string, CommittedOffset>> {
    return this.ask(async (admin) => {
      const rows = (await admin.committed(this.groupId, topics)).filter(
        ({ offset }) => offset >= 0,
      );
      return new Map(
        rows.map(({ topic, partition, offset, metadata }) => [
          keyOf(topic, partition),
          { offset, checkpoint: parseCheckpoint(metadata) },
        ]),
      );
    });
  }

  bounds(topics: readonly string[]): Promise<Map<string, LogBounds>> {
    return this.ask(async (admin) => {
      const answer = await admin.bounds(topics);
      return new Map(
        [...answer].flatMap(([topic, partitions]) =>
          partitions.map(({ partition, start, end }): [string, LogBounds] => [
            keyOf(topic, partition),
            { start, end },
          ]),
        ),
      );
    });
  }

  topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.ask((admin) => admin.topicIds(topics));
  }

  close(): void {
    const old = this.admin;
    this.admin = null;
    old?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async ask<T>(work: (admin: LogAdmin) => Promise<T>): Promise<T> {
    const done = new AbortController();
    const timeout = sleep(TIMEOUT_MS, undefined, { signal: done.signal }).then(() =>
      Promise.reject(new Error('Kafka did not answer a request for offsets in time')),
    );
    timeout.catch(() => undefined);
    try {
      return await Promise.race([this.connected().then(work), timeout]);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      done.abort();
    }
  }

  private connected(): Promise<LogAdmin> {
    this.admin ??= this.connect();
    return this.admin;
  }

  private async connect(): Promise<LogAdmin> {
    const admin = this.log.admin({ retries: 2 });
    await admin.connect();
    return admin;
  }
}

/** Delay to gather commits (ms). After a crash, the inbox drops messages delivered again. */
const COMMIT_DELAY_MS = 500;

export class OffsetCommits {
  private readonly waiting = new Map<string, OffsetToCommit>();
  /** Batch used to commit all offsets. Keeping every batch would keep all records in memory. */
  private newest: FetchedBatch | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly logger: Logger) {}

  /** `metadata` is stored by Kafka with the offset. */
  async add(batch: FetchedBatch, offset: number, metadata: string | null): Promise<void> {
    const { topic, partition } = batch;
    this.waiting.set(keyOf(topic, partition), { topic, partition, offset, metadata });
    this.newest = batch;
    if (batch.isRunning()) this.timer ??= setTimeout(() => void this.commit(), COMMIT_DELAY_MS);
    else await this.commit(); // the consumer is stopping: a later commit is impossible
  }

  clear(): void {
    this.waiting.clear();
    this.newest = null;
  }

  /**
   * Commits all finished partitions in one request, through the batch: a stopping consumer commits
   * nothing.
   */
  async commit(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const [newest, done] = [this.newest, [...this.waiting.values()]];
    this.clear();
    await newest?.commit(done).catch((error: unknown) => {
      this.logger.warn(
        { err: error },
        'offsets were not committed: these messages may be delivered again, and the inbox recognises them',
      );
    });
  }
}

/** End of each partition that has records, by topic and partition. */
export type LogEnds = ReadonlyMap<string, number>;

/** Progress of the consumer group of this service, over all instances. */
export class GroupProgress {
  private readonly offsets: Offsets;

  constructor(log: RecordLog, groupId: string) {
    this.offsets = new Offsets(log, groupId);
  }

  /** Start and end of each partition, with empty partitions. Throws while Kafka, or a topic, is away. */
  bounds(topics: readonly string[]): Promise<ReadonlyMap<string, LogBounds>> {
    return this.offsets.bounds(topics);
  }

  /** Throws while Kafka, or a topic, is away. */
  async ends(topics: readonly string[]): Promise<LogEnds> {
    const bounds = [...(await this.offsets.bounds(topics))];
    return new Map(
      bounds.flatMap(([key, { start, end }]) => (end > start ? [[key, end] as const] : [])),
    );
  }

  /** Returns whether the group has processed every record before these ends. */
  async hasReached(topics: readonly string[], ends: LogEnds): Promise<boolean> {
    const committed = await this.offsets.committed(topics);
    return [...ends].every(([key, end]) => (committed.get(key)?.offset ?? 0) >= end);
  }

  /** As `hasReached`; a record that the log has lost or deleted since then counts as processed. */
  async hasReachedTheRest(topics: readonly string[], ends: LogEnds): Promise<boolean> {
    const bounds = await this.offsets.bounds(topics);
    const committed = await this.offsets.committed(topics);
    return [...ends].every(([key, end]) => {
      const left = bounds.get(key) ?? { start: 0, end };
      const next = Math.max(left.start, committed.get(key)?.offset ?? 0);
      return next >= Math.min(end, left.end);
    });
  }

  close(): void {
    this.offsets.close();
  }
}

const CHECK_EVERY_MS = 5_000;

interface PublishedLogsOptions {
  readonly log: RecordLog;
  /** Topics produced here and consumed by no service: only this check detects a loss. */
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly onLoss: (topic: string) => void;
}

/**
 * Detects lost published records: a log shorter than before, or empty at the first check. A loss
 * overwritten between two checks is not detected.
 */
export class PublishedLogs {
  private readonly loop: BackgroundLoop;
  private readonly offsets: Offsets;
  private ends: ReadonlyMap<string, number> = new Map();
  private readonly seen = new Set<string>();

  constructor(private readonly options: PublishedLogsOptions) {
    this.offsets = new Offsets(options.log, '');
    this.loop = BackgroundLoop.every(CHECK_EVERY_MS, 'check the published logs', null, () =>
      this.look(),
    );
  }

  start(): void {
    if (this.options.topics.length > 0) this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    this.offsets.close();
  }

  /** Throws while Kafka, or a topic, is away. */
  async look(): Promise<void> {
    for (const topic of this.options.topics) {
      const bounds = await this.offsets.bounds([topic]);
      const ends = new Map([...bounds].map(([key, { end }]) => [key, end]));
      const isEmptyAtFirst = !this.seen.has(topic) && [...ends.values()].every((end) => end === 0);
      const isShorter = [...ends].some(([key, end]) => end < (this.ends.get(key) ?? 0));
      this.seen.add(topic);
      this.ends = new Map([...this.ends, ...ends]);
      if (isShorter)
        this.options.logger.error(
          { topic },
          'Kafka lost published records: the records that the database still has are published again',
        );
      if (isShorter || isEmptyAtFirst) this.options.onLoss(topic);
    }
  }
}
