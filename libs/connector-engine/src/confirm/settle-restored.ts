import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database, type ContinuityClient } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { NOTE_DISCONTINUITY, UNCONFIRM_AFTER_A_DISCONTINUITY } from './confirm-sql.js';
import { UnderWay } from '../loops/under-way.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { LostIntents } from '../restore/lost-intents.js';
import { longestHonouredMs } from '../restore/sent-orders.js';

/** Brings the rows of a database in order that has gone back under this process. */
@Injectable()
export class SettleRestored {
  constructor(
    private readonly database: Database,
    private readonly lost: LostIntents,
    private readonly underWay: UnderWay,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'forms'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async settle(client: ContinuityClient): Promise<void> {
    const query = async <R>(sql: string, params: readonly unknown[]): Promise<readonly R[]> =>
      (await client.query<R & object>(sql, [...params])).rows;
    const given = [this.database.continuity.identity, longestHonouredMs(this.capabilities)];
    await client.query('BEGIN');
    try {
      await query(NOTE_DISCONTINUITY, given);
      const waiting = await query(UNCONFIRM_AFTER_A_DISCONTINUITY, given);
      const putBack = await this.lost.putBack(query);
      await client.query('COMMIT');
      this.logger.error(
        { waiting: waiting.length, putBack },
        'the database returned to an earlier state: unsent orders are looked up first and wait until intake-api requests them',
      );
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.underWay.begun();
  }
}
