import { Injectable } from '@nestjs/common';
import type { LogEnds } from '@sluice/kafka';
import { topicsConsumedBy } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import {
  InjectLogger,
  InjectPlatform,
  LoopingService,
  type Logger,
  type Platform,
} from '@sluice/service-shell';
import { Glance } from '../glance/glance.js';
import { restUntil } from '../writes/fact-writes.js';
import { FOLLOWED_THROUGH } from './check-sql.js';

/** Time between two positions while facts wait for a comparison. A position costs Kafka some twenty requests. */
const EVERY_MS = 5_000;
/** Time between two positions while no fact waits. */
const AT_REST_MS = 15_000;
/** A position is due at the common moment nearest to its time. */
const SLACK_MS = 1_000;
/** Time between two looks until the group has read to the ends. */
const AGAIN_MS = 1_500;
/** After this time the logs may have lost records before the ends. */
const LONG_MS = 10_000;
const TOPICS = topicsConsumedBy('auditor');

interface Wanted {
  readonly at: Date;
  readonly ends: LogEnds;
  readonly sinceMs: number;
  /** True if a fact waits for this position. */
  readonly isAwaited: boolean;
}

/**
 * Notes the moment up to which every published record is stored: where the logs ended that the
 * group has read. A payment seen earlier has its order among the facts.
 */
@Injectable()
export class FollowedPosition extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private wanted: Wanted | null = null;

  constructor(
    private readonly database: Database,
    private readonly glance: Glance,
    @InjectPlatform() private readonly platform: Pick<Platform, 'groupProgress'>,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = new BackgroundLoop('position in the followed topics', logger, () => this.look(), {
      afterFaultMs: EVERY_MS,
    });
  }

  private async look(): Promise<number> {
    const progress = this.platform.groupProgress;
    if (progress === undefined) return EVERY_MS;
    this.wanted ??= await this.begin(progress);
    if (this.wanted === null) return restUntil(EVERY_MS);
    const { ends, sinceMs, at, isAwaited } = this.wanted;
    const isLong = monotonicMs() - sinceMs > LONG_MS;
    const isReached = isLong
      ? await progress.hasReachedTheRest(TOPICS, ends)
      : await progress.hasReached(TOPICS, ends);
    if (!isReached) return AGAIN_MS;
    await this.database.query(FOLLOWED_THROUGH, [at]);
    this.wanted = null;
    if (isAwaited) this.glance.onPosition();
    return restUntil(EVERY_MS);
  }

  /** Returns null while no position is needed. The moment is taken before the ends. */
  private async begin(progress: NonNullable<Platform['groupProgress']>): Promise<Wanted | null> {
    const { at, followedThrough, waits: isAwaited } = await this.glance.read();
    const ageMs = followedThrough === null ? Infinity : at.getTime() - followedThrough.getTime();
    const isRecent = ageMs >= 0 && ageMs < AT_REST_MS - SLACK_MS;
    if (isRecent && !isAwaited) return null;
    return { at, ends: await progress.ends(TOPICS), sinceMs: monotonicMs(), isAwaited };
  }
}
