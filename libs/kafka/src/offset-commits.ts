import type { EachBatchPayload } from 'kafkajs';
import type { Logger } from './logger.js';

/** A commit costs the broker as much as a message, so commits are gathered for so long. After a crash the messages of a lost one come again, and the inbox filters them. */
const COMMIT_DELAY_MS = 100;

interface PendingCommit {
  readonly payload: EachBatchPayload;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly metadata: string | null;
}

/** Offsets of finished batches, committed together a moment later. */
export class OffsetCommits {
  /** The newest of each partition that has not been committed yet. */
  private readonly waiting = new Map<string, PendingCommit>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly logger: Logger) {}

  /** `metadata` is stored by Kafka with the offset. */
  async add(payload: EachBatchPayload, next: bigint, metadata: string | null): Promise<void> {
    const { topic, partition } = payload.batch;
    this.waiting.set(`${topic} ${partition}`, {
      payload,
      topic,
      partition,
      offset: next.toString(),
      metadata,
    });
    if (payload.isRunning()) this.timer ??= setTimeout(() => void this.commit(), COMMIT_DELAY_MS);
    else await this.commit(); // the consumer is stopping: later it could not commit any more
  }

  clear(): void {
    this.waiting.clear();
  }

  /** One request for all partitions that are done. By the payload: the consumer itself commits nothing once it is stopping. */
  async commit(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const done = [...this.waiting.values()];
    this.waiting.clear();
    const byTopic = Map.groupBy(done, ({ topic }) => topic);
    const topics = [...byTopic].map(([topic, parts]) => ({
      topic,
      partitions: parts.map(({ partition, offset, metadata }) => ({ partition, offset, metadata })),
    }));
    await done
      .at(-1)
      ?.payload.commitOffsetsIfNecessary({ topics })
      .catch((error: unknown) => {
        this.logger.warn(
          { err: error },
          'offsets not committed: should nothing follow, these messages come again, and the inbox knows them',
        );
      });
  }
}
