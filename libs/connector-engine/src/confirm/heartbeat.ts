import { Inject, Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { Check, Health, InjectLogger } from '@sluice/service-shell';
import { AttemptWatch, type ReadAttempts } from '../queue/claim-commits.js';
import { longestHonouredMs } from '../restore/sent-orders.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { BEAT, UNCONFIRM_AFTER_A_GAP } from './confirm-sql.js';

const BEAT_MS = 5_000;
/** Three beats: a starting process considers an older heartbeat a gap. */
const CHECKED_EVERY_MS = 15_000;

interface BeatRow extends ReadAttempts {
  readonly beats: number;
}

/**
 * Writes a heartbeat with the identity of the database. A start with an old heartbeat or another
 * database blocks the queue until intake-api requests the withdrawals again. A lower count under a
 * running process means restored rows.
 */
@Injectable()
export class Heartbeat {
  readonly loop: BackgroundLoop;
  private readonly check: Check;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'forms'>,
    @Inject(AttemptWatch) private readonly attempts: Pick<AttemptWatch, 'comparison'>,
    health: Health,
  ) {
    this.check = health.watch(new Check({ name: 'heartbeat', everyMs: CHECKED_EVERY_MS }));
    this.loop = new BackgroundLoop('heartbeat', logger, () => this.beat());
  }

  /** Must be called before this process sends any payment. */
  async begin(): Promise<void> {
    const waiting = await this.database.query(UNCONFIRM_AFTER_A_GAP, this.parameters());
    if (waiting.length > 0)
      this.logger.warn(
        { waiting: waiting.length },
        'the service was down for a while, or its database was restored: unsent orders wait until intake-api confirms them',
      );
    await this.beat();
  }

  private async beat(): Promise<number> {
    const { continuity } = this.database;
    const known = continuity.counted;
    const compare = this.attempts.comparison();
    const [row] = await this.database.query<BeatRow>(BEAT, this.parameters());
    const beats = row?.beats ?? 0;
    const fault = continuity.count(known, beats - 1, beats);
    if (fault !== null) await this.database.wentBack(fault);
    else if (row) await compare(row);
    this.check.completed();
    return BEAT_MS;
  }

  private parameters(): readonly [string, number] {
    return [this.database.continuity.identity, longestHonouredMs(this.capabilities)];
  }
}
