import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/background';
import { Database } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { BEAT, UNCONFIRM_AFTER_A_GAP } from './confirm-sql.js';

const BEAT_MS = 5_000;

/**
 * Writes regularly that a process is alive. A process that starts and finds the last heartbeat old has a database that was idle for a
 * while or was restored to an earlier moment: what is in its queue may have been cancelled since, or paid by another venue. So the queue
 * waits until intake-api asks for those withdrawals, which it does for all that have not ended.
 */
@Injectable()
export class Heartbeat {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = new BackgroundLoop('heartbeat', logger, () => this.beat());
  }

  /** To be called before this process sends anything. */
  async begin(): Promise<void> {
    const waiting = await this.database.query(UNCONFIRM_AFTER_A_GAP);
    if (waiting.length > 0)
      this.logger.warn(
        { waiting: waiting.length },
        'nobody was alive here for a while, or the database was put back: what was not sent waits until intake-api asks for it',
      );
    await this.beat();
  }

  private async beat(): Promise<number> {
    await this.database.query(BEAT);
    return BEAT_MS;
  }
}
