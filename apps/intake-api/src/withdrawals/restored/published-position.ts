import { Injectable } from '@nestjs/common';
import type { LogBounds } from '@sluice/kafka';
import { ledgerCommands, withdrawalEvents } from '@sluice/messages';
import { InjectPlatform, type Platform } from '@sluice/service-shell';

const TOPICS = [withdrawalEvents.name, ledgerCommands.name];

/** End of each partition of the published logs, by topic and partition. */
export type PublishedEnds = Readonly<Record<string, number>>;

/**
 * Position of this database in the logs published from it: a stored end proves every earlier
 * transaction.
 */
@Injectable()
export class PublishedPosition {
  constructor(@InjectPlatform() private readonly platform: Pick<Platform, 'groupProgress'>) {}

  /** Null while Kafka is away. */
  async ends(): Promise<PublishedEnds | null> {
    const bounds = await this.platform.groupProgress?.bounds(TOPICS).catch(() => null);
    return bounds
      ? Object.fromEntries([...bounds].map(([partition, { end }]) => [partition, end]))
      : null;
  }

  /**
   * Returns the largest number of records after the stored ends in a partition. Returns null if it
   * exceeds `most`, or if the logs are not those of the stored ends. Throws while Kafka is away.
   */
  async recordsAfter(stored: PublishedEnds | null, most: number): Promise<number | null> {
    const bounds = await this.platform.groupProgress?.bounds(TOPICS);
    return bounds && stored ? recordsAfter(stored, bounds, most) : null;
  }
}

/** A shorter log has lost records, and a later start shows that records were deleted unread. */
export function recordsAfter(
  stored: PublishedEnds,
  bounds: ReadonlyMap<string, LogBounds>,
  most: number,
): number | null {
  if (!Object.keys(stored).every((partition) => bounds.has(partition))) return null;
  let largest = 0;
  for (const [partition, { start, end }] of bounds) {
    const known = stored[partition] ?? 0;
    if (known < start || known > end) return null;
    largest = Math.max(largest, end - known);
  }
  return largest <= most ? largest : null;
}
