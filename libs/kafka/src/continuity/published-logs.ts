import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Offsets } from './offsets.js';
import type { RecordLog } from '../port/record-log.js';

const CHECK_EVERY_MS = 5_000;

interface PublishedLogsOptions {
  readonly log: RecordLog;
  /**
   * Topics produced by this service and consumed by no service of this system: only this check
   * detects a loss.
   */
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly onLoss: (topic: string) => void;
}

/**
 * Detects the loss of published records in Kafka. Signs are a log shorter than at an earlier check,
 * or empty at the first check (a topic deleted and created again). A loss overwritten between two
 * checks, or while no instance ran, is not detected.
 */
export class PublishedLogs {
  private readonly loop: BackgroundLoop;
  private readonly offsets: Offsets;
  /** End of each partition at the last check. */
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
