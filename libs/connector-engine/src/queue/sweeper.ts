import { Inject, Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { UnderWay } from '../loops/under-way.js';
import { PutBackRows } from '../restore/put-back-rows.js';
import { EventWriter, publishEnded, type Trace } from '../wire/event-writer.js';
import { EXPIRE_LEASES, WITHDRAW_DUE } from './queue-sql.js';

const SWEEP_MS = 500;

/** Ends waiting submissions that must not be sent any more, and leases of crashed senders. */
@Injectable()
export class Sweeper {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    underWay: UnderWay,
    @InjectLogger() logger: Logger,
    @Inject(PutBackRows) private readonly putBack: Pick<PutBackRows, 'isPutBack' | 'report'>,
  ) {
    this.loop = new BackgroundLoop('sweeper', logger, async () => {
      if (await underWay.look('ends')) await this.sweep();
      return SWEEP_MS;
    });
  }

  /**
   * Refuses submissions past their deadline or cancelled. Those with an expired lease become
   * unknown.
   */
  async sweep(): Promise<void> {
    try {
      await this.unitOfWork.run(async (tx) => {
        await this.withdrawDue(tx);
        await this.expireLeases(tx);
      });
    } catch (error) {
      if (!(error instanceof SentRowsError)) throw error;
      await this.putBack.report(error.rows);
    }
  }

  private async withdrawDue(tx: Tx): Promise<void> {
    const rows = await tx.query<WithdrawnRow>(WITHDRAW_DUE);
    const sent = rows.map(sentRowOf).filter((row) => this.putBack.isPutBack(row));
    if (sent.length > 0) throw new SentRowsError(sent);
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

interface WithdrawnRow extends Trace {
  readonly reason: string;
  readonly client_reference: string;
  readonly attempt: number;
  readonly unsent_seal: string;
}

/** The sweep is rolled back: this process has sent orders about to end as unsent. */
class SentRowsError extends Error {
  override readonly name = 'SentRowsError';

  constructor(readonly rows: readonly ReturnType<typeof sentRowOf>[]) {
    super('orders about to end as unsent were sent by this process');
  }
}

function sentRowOf(row: WithdrawnRow) {
  const { withdrawal_id: withdrawalId, client_reference: clientReference, attempt } = row;
  return { withdrawalId, clientReference, attempt, unsentSeal: row.unsent_seal };
}
