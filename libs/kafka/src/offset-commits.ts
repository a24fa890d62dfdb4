import type { Logger } from '@sluice/background';
import { keyOf } from './offsets.js';
import type { FetchedBatch, OffsetToCommit } from './record-log.js';

/** A commit costs the broker as much as a message, so commits are gathered for so long. After a crash the messages of a lost one come again, and the inbox filters them. */
const COMMIT_DELAY_MS = 500;

/** Offsets of finished batches, committed together a moment later. */
export class OffsetCommits {
  /** The newest of each partition that has not been committed yet. */
  private readonly waiting = new Map<string, OffsetToCommit>();
  /** One batch commits for all: each that was kept would be kept with its records. */
  private newest: FetchedBatch | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly logger: Logger) {}

  /** `metadata` is stored by Kafka with the offset. */
  async add(batch: FetchedBatch, offset: number, metadata: string | null): Promise<void> {
    const { topic, partition } = batch;
    this.waiting.set(keyOf(topic, partition), { topic, partition, offset, metadata });
    this.newest = batch;
    if (batch.isRunning()) this.timer ??= setTimeout(() => void this.commit(), COMMIT_DELAY_MS);
    else await this.commit(); // the consumer is stopping: later it could not commit any more
  }

  clear(): void {
    this.waiting.clear();
    this.newest = null;
  }

  /** One request for all partitions that are done. By the batch: the consumer itself commits nothing once it is stopping. */
  async commit(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const [newest, done] = [this.newest, [...this.waiting.values()]];
    this.clear();
    await newest?.commit(done).catch((error: unknown) => {
      this.logger.warn(
        { err: error },
        'offsets not committed: should nothing follow, these messages come again, and the inbox knows them',
      );
    });
  }
}
