import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/background';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { longestHonouredMs } from '../restore/sent-orders.js';
import { InjectCapabilities } from '../tokens.js';
import { BEAT, UNCONFIRM_AFTER_A_GAP } from './confirm-sql.js';

const BEAT_MS = 5_000;

/**
 * Writes regularly that a process is alive, and on which database. A process that starts and finds the last heartbeat old, or of another
 * database, has one that was idle for a while or has gone back to an earlier moment: what is in its queue may have been cancelled since, or
 * paid by another venue. So the queue waits until intake-api asks for those withdrawals, which it does for all that have not ended. A
 * process that lives counts the heartbeats: when the count goes back, the stored rows were put back under it.
 */
@Injectable()
export class Heartbeat {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'forms'>,
  ) {
    this.loop = new BackgroundLoop('heartbeat', logger, () => this.beat());
  }

  /** To be called before this process sends anything. */
  async begin(): Promise<void> {
    const waiting = await this.database.query(UNCONFIRM_AFTER_A_GAP, this.parameters());
    if (waiting.length > 0)
      this.logger.warn(
        { waiting: waiting.length },
        'nobody was alive here for a while, or the database was put back: what was not sent waits until intake-api asks for it',
      );
    await this.beat();
  }

  private async beat(): Promise<number> {
    const { continuity } = this.database;
    const known = continuity.counted;
    const [row] = await this.database.query<{ beats: number }>(BEAT, this.parameters());
    const beats = row?.beats ?? 0;
    const fault = continuity.count(known, beats - 1, beats);
    if (fault !== null) await this.database.wentBack(fault);
    return BEAT_MS;
  }

  private parameters(): readonly [string, number] {
    return [this.database.continuity.identity, longestHonouredMs(this.capabilities)];
  }
}
