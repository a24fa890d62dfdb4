import { Injectable } from '@nestjs/common';
import type { LogEnds } from '@sluice/kafka';
import { topicsConsumedBy } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import {
  InjectLogger,
  InjectPlatform,
  LoopingService,
  type Logger,
  type Platform,
} from '@sluice/service-shell';
import { FOLLOWED_THROUGH } from './check-sql.js';

/** A look costs Kafka some twenty requests. */
const LOOK_MS = 2_500;
const TOPICS = topicsConsumedBy('auditor');

interface Wanted {
  readonly at: Date;
  readonly ends: LogEnds;
}

/**
 * Notes the moment up to which every published record is stored: at this moment the logs ended where
 * the group has read meanwhile. A payment seen earlier has its order among the stored facts, because
 * an order is published before a connector can pay it.
 */
@Injectable()
export class FollowedPosition extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private wanted: Wanted | null = null;

  constructor(
    private readonly database: Database,
    @InjectPlatform() private readonly platform: Pick<Platform, 'groupProgress'>,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(LOOK_MS, 'position in the followed topics', logger, () =>
      this.look(),
    );
  }

  private async look(): Promise<void> {
    const progress = this.platform.groupProgress;
    if (progress === undefined) return;
    this.wanted ??= await this.begin(progress);
    if (!(await progress.hasReached(TOPICS, this.wanted.ends))) return;
    await this.database.query(FOLLOWED_THROUGH, [this.wanted.at]);
    this.wanted = null;
  }

  /** The moment is taken before the ends. */
  private async begin(progress: NonNullable<Platform['groupProgress']>): Promise<Wanted> {
    const [row] = await this.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    if (!row) throw new Error('the database names no time');
    return { at: row.at, ends: await progress.ends(TOPICS) };
  }
}
