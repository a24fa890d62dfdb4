import type { LogBounds } from './log-checkpoints.js';
import { Offsets } from './offsets.js';
import type { RecordLog } from '../port/record-log.js';

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
