import type { Database } from '@sluice/postgres';
import { Loop, type Logger } from '../worker/loop.js';
import { BEAT, UNCONFIRM_AFTER_A_GAP } from './confirm-sql.js';

const BEAT_MS = 5_000;

/**
 * Writes that a process is alive here. One that starts and finds the last such word old has a database that was left alone for a while, or
 * put back to an earlier moment: what it would send may have been cancelled since, or refused and paid elsewhere. So that waits until
 * intake-api asks for it, which it does for whatever has not ended.
 */
export class Heartbeat {
  readonly loop: Loop;

  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly logger: Logger,
  ) {
    this.loop = new Loop('heartbeat', logger, () => this.beat());
  }

  /** Before anything is sent by this process. */
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
