import type { CorruptBatch, SkippedBatches } from '@sluice/postgres';
import type { Logger } from './logger.js';

/** A partition that stands still is looked at again so often: the decision may have been made, or the log mended. */
const LOOK_AGAIN_MS = 3_000;

interface Stop {
  readonly batch: CorruptBatch;
  readonly again: NodeJS.Timeout;
}

/** Partitions that stand before a batch whose checksum does not fit. Nothing of it may be believed, so nothing behind it is read until a person says so. */
export class CorruptBatches {
  private readonly stops = new Map<string, Stop>();

  constructor(
    private readonly service: string,
    private readonly skips: SkippedBatches,
    private readonly logger: Logger,
  ) {}

  /** True when a person has decided to leave it out. Otherwise its partition pauses; `pause` answers how to go on. */
  async maySkip(batch: CorruptBatch, pause: () => () => void): Promise<boolean> {
    const { topic, partition, offset, nextOffset, cause } = batch;
    const known = this.stops.get(keyOf(batch));
    clearTimeout(known?.again);
    if (await this.isDecided(batch)) {
      this.stops.delete(keyOf(batch));
      this.logger.warn(
        { topic, partition, offset, nextOffset },
        'a corrupt batch was left out, as decided; its bytes are kept',
      );
      return true;
    }
    const resume = pause();
    this.stops.set(keyOf(batch), { batch, again: setTimeout(resume, LOOK_AGAIN_MS).unref() });
    if (known?.batch.offset !== offset)
      this.logger.error(
        { topic, partition, offset, cause },
        'a batch of the log is corrupt: its partition stands still',
      );
    return false;
  }

  /** The partition has been read further. */
  mended(topic: string, partition: number): void {
    if (!this.stops.delete(keyOf({ topic, partition }))) return;
    this.logger.warn({ topic, partition }, 'a batch of the log that was corrupt is whole again');
  }

  /** The partitions may be another's now; whoever has them meets the batch by itself. */
  forget(): void {
    for (const { again } of this.stops.values()) clearTimeout(again);
    this.stops.clear();
  }

  faults(): string[] {
    return [...this.stops.values()].map(
      ({ batch: { topic, partition, offset, cause } }) =>
        `kafka: the batch at offset ${offset} of ${topic}, partition ${partition}, is corrupt (${cause}); nothing behind it is read until it is mended or left out: ` +
        `sluice kafka skip --service ${this.service} --topic ${topic} --partition ${partition} --offset ${offset} --by NAME --evidence TEXT`,
    );
  }

  has(topic: string, partition: number): boolean {
    return this.stops.has(keyOf({ topic, partition }));
  }

  /** How many partitions of each topic stand still. */
  count(topic: string): number {
    return [...this.stops.values()].filter(({ batch }) => batch.topic === topic).length;
  }

  private async isDecided(batch: CorruptBatch): Promise<boolean> {
    try {
      return await this.skips.maySkip(batch);
    } catch (error) {
      this.logger.warn(
        { err: error },
        'cannot ask whether a corrupt batch may be left out, will be tried again',
      );
      return false;
    }
  }
}

function keyOf({ topic, partition }: Pick<CorruptBatch, 'topic' | 'partition'>): string {
  return `${topic} ${partition}`;
}
