import type { CorruptBatch, SkippedBatches } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';

/**
 * Refetch interval of a stopped partition (ms): the log may be repaired, or an operator has
 * decided.
 */
const REFETCH_MS = 3_000;

interface StoppedPartition {
  readonly batch: CorruptBatch;
  readonly refetch: NodeJS.Timeout;
}

/**
 * Partitions stopped at a batch with a wrong checksum, until the log is repaired or an operator
 * skips the batch.
 */
export class CorruptBatches {
  private readonly stopped = new Map<string, StoppedPartition>();
  private readonly suspected = new Map<string, string>();

  constructor(
    private readonly service: string,
    private readonly skipped: Pick<SkippedBatches, 'maySkip'>,
    private readonly logger: Logger,
  ) {}

  /**
   * True if an operator has decided to skip the batch. Otherwise it is fetched again at once,
   * because a response may contain records after its stated log end; found corrupt twice, it pauses
   * the partition.
   */
  async maySkip(batch: CorruptBatch, pause: () => () => void): Promise<boolean> {
    const { topic, partition, offset, nextOffset, cause } = batch;
    const known = this.stopped.get(keyOf(batch));
    clearTimeout(known?.refetch);
    if (await this.isDecided(batch)) {
      this.stopped.delete(keyOf(batch));
      this.logger.warn(
        { topic, partition, offset, nextOffset },
        'a corrupt batch was skipped, as two people decided; its bytes are stored',
      );
      return true;
    }
    if (!known && this.suspected.get(keyOf(batch)) !== offset) {
      this.suspected.set(keyOf(batch), offset);
      return false;
    }
    const resume = pause();
    this.stopped.set(keyOf(batch), { batch, refetch: setTimeout(resume, REFETCH_MS).unref() });
    if (known?.batch.offset !== offset)
      this.logger.error(
        { topic, partition, offset, cause },
        'a batch of the log is corrupt: its partition is paused',
      );
    return false;
  }

  /** Records a successful read past the stop offset of the partition. */
  onReadOn(topic: string, partition: number): void {
    this.suspected.delete(keyOf({ topic, partition }));
    if (!this.stopped.delete(keyOf({ topic, partition }))) return;
    this.logger.warn({ topic, partition }, 'a batch of the log is no longer corrupt');
  }

  /** Forgets all: another member may own the partitions now. */
  clear(): void {
    for (const { refetch } of this.stopped.values()) clearTimeout(refetch);
    this.stopped.clear();
    this.suspected.clear();
  }

  faults(): string[] {
    return [...this.stopped.values()].map(
      ({ batch: { topic, partition, offset, cause } }) =>
        `kafka: the batch at offset ${offset} of ${topic}, partition ${partition}, is corrupt (${cause}); nothing behind it is read until it is mended or left out: ` +
        `sluice kafka skip --service ${this.service} --topic ${topic} --partition ${partition} --offset ${offset} --evidence TEXT`,
    );
  }

  has(topic: string, partition: number): boolean {
    return this.stopped.has(keyOf({ topic, partition }));
  }

  /** Returns the number of stopped partitions of a topic. */
  count(topic: string): number {
    return [...this.stopped.values()].filter(({ batch }) => batch.topic === topic).length;
  }

  private async isDecided(batch: CorruptBatch): Promise<boolean> {
    try {
      return await this.skipped.maySkip(batch);
    } catch (error) {
      this.logger.warn(
        { err: error },
        'the decision about a corrupt batch could not be read and will be read again',
      );
      return false;
    }
  }
}

function keyOf({ topic, partition }: Pick<CorruptBatch, 'topic' | 'partition'>): string {
  return `${topic} ${partition}`;
}
