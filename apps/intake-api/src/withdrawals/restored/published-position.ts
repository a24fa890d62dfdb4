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
   * Returns whether the logs continue the stored ends, by at most `most` records per partition.
   * Throws while Kafka is away.
   */
  async continues(stored: PublishedEnds | null, most: number): Promise<boolean> {
    const bounds = await this.platform.groupProgress?.bounds(TOPICS);
    return bounds !== undefined && stored !== null && continuesFrom(stored, bounds, most);
  }
}

/** A shorter log has lost records, and a later start shows that records were deleted unread. */
export function continuesFrom(
  stored: PublishedEnds,
  bounds: ReadonlyMap<string, LogBounds>,
  most: number,
): boolean {
  return (
    Object.keys(stored).every((partition) => bounds.has(partition)) &&
    [...bounds].every(([partition, { start, end }]) => {
      const known = stored[partition] ?? 0;
      return start <= known && known <= end && end - known <= most;
    })
  );
}
