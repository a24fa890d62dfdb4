import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { UnderWay } from '../loops/under-way.js';
import { from } from '../rows/state-sql.js';
import { MAY_BE_PAID } from '../rows/unclaimed-sql.js';
import { EventWriter, publishEnded, type Trace } from '../wire/event-writer.js';
import { EXPIRE_LEASES, WITHDRAW_DUE } from './queue-sql.js';

const SWEEP_MS = 500;

/** Ends waiting submissions that must not be sent any more, and leases of crashed senders. */
@Injectable()
export class Sweeper {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    underWay: UnderWay,
    @InjectLogger() logger: Logger,
  ) {
    this.loop = new BackgroundLoop('sweeper', logger, async () => {
      if (await underWay.any()) await this.sweep();
      return SWEEP_MS;
    });
  }

  /**
   * Refuses submissions past their deadline or with a cancel request. Submissions with an expired
   * lease become unknown.
   */
  async sweep(): Promise<void> {
    const [waiting] = await this.database.query<{ any: boolean }>(SWEEP_NEEDED, []);
    if (!waiting?.any) return;
    await this.unitOfWork.run(async (tx) => {
      await this.withdrawDue(tx);
      await this.expireLeases(tx);
    });
  }

  private async withdrawDue(tx: Tx): Promise<void> {
    const rows = await tx.query<Trace & { reason: string }>(WITHDRAW_DUE);
    for (const row of rows) {
      const message =
        row.reason === 'expired'
          ? 'its deadline passed before the venue could be called'
          : 'cancelled before it was sent';
      publishEnded(tx, this.events.refused(row, { reason: row.reason, venueCode: null, message }));
    }
  }

  private async expireLeases(tx: Tx): Promise<void> {
    const rows = await tx.query<Trace & { is_first: boolean }>(EXPIRE_LEASES);
    for (const row of rows)
      if (row.is_first)
        tx.publish(
          this.events.unknown(row, {
            cause: 'its sender went away before an outcome was stored',
            needsDecision: false,
          }),
        );
  }
}

const SWEEP_NEEDED = `
  SELECT EXISTS (SELECT FROM submission WHERE state ${from('outcome_unknown')} AND lease_until < clock_timestamp())
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.not_after <= clock_timestamp() AND NOT ${MAY_BE_PAID})
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.cancel_state = 'wished' AND NOT ${MAY_BE_PAID}) AS "any"`;
