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

  close(): void {
    this.offsets.close();
  }
}
