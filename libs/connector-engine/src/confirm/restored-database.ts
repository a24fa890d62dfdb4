import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { type ContinuityClient, Database } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { UnderWay } from '../loops/under-way.js';
import { RecordReader } from '../record/record-reader.js';
import { LostIntents } from '../restore/lost-intents.js';
import { longestHonouredMs } from '../restore/sent-orders.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { SendGate } from '../worker/send-gate.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { NOTE_DISCONTINUITY, UNCONFIRM_AFTER_A_DISCONTINUITY } from './confirm-sql.js';

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

const FAULT =
  'the database went back: nothing is sent before the record of the venue is read again';

/**
 * Handles a database gone back under a running process, like a start on a restored one: unsent
 * orders are looked up first, and requests sent by this process are restored. Both are committed
 * before any other connection is used.
 */
@Injectable()
export class RestoredDatabase {
  constructor(
    private readonly database: Database,
    private readonly gate: SendGate,
    private readonly record: RecordReader,
    private readonly workers: SubmissionWorkers,
    private readonly rows: SettleRestored,
  ) {}

  /** Must be called before any send. */
  watch(): void {
    this.record.whenThrough(() => this.workers.start());
    this.database.continuity.listen({
      noticed: () => this.close(),
      settle: (client) => this.rows.settle(client),
    });
  }

  private close(): void {
    this.gate.restoreFault = FAULT;
    const { generation } = this.database.continuity;
    this.record.readAgain(() => {
      // the database has gone back again
      if (generation !== this.database.continuity.generation) return;
      this.gate.restoreFault = null;
      this.workers.wake();
    });
  }
}
