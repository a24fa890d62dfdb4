import type { Logger } from '@sluice/runtime';
import { keyOf } from './offsets.js';
import type { FetchedBatch, OffsetToCommit } from '../port/record-log.js';

/**
 * Delay to gather commits (ms), because a commit costs the broker as much as a message. If a crash
 * loses a commit, the messages are delivered again and the inbox drops duplicates.
 */
const COMMIT_DELAY_MS = 500;

/** Offsets of finished batches, committed together a moment later. */
export class OffsetCommits {
  /** Newest uncommitted offset of each partition. */
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
   * Commits all finished partitions in a single request. The request goes through the batch,
   * because the consumer commits nothing while stopping.
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
