import type { EachBatchPayload } from 'kafkajs';
import type { Logger } from './logger.js';

/** An offset costs the broker as much as a message, and nothing waits for it: a crash before it has moved brings back what the inbox knows. */
const AFTER_MS = 100;

interface Done {
  readonly payload: EachBatchPayload;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly metadata: string | null;
}

/** Offsets of what is done, committed together a moment later. */
export class OffsetCommits {
  /** The newest of each partition that has not been committed yet. */
  private readonly waiting = new Map<string, Done>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly logger: Logger) {}

  /** `metadata` is kept beside the offset. */
  async add(payload: EachBatchPayload, next: bigint, metadata: string | null): Promise<void> {
    const { topic, partition } = payload.batch;
    this.waiting.set(`${topic} ${partition}`, {
      payload,
      topic,
      partition,
      offset: next.toString(),
      metadata,
    });
    if (payload.isRunning()) this.timer ??= setTimeout(() => void this.commit(), AFTER_MS);
    else await this.commit(); // the last chance: the group is about to be left
  }

  forget(): void {
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
