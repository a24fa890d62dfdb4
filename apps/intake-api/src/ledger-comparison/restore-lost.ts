import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { insertContinued } from '../withdrawals/saga/continue-lost.js';
import { idAt } from '../rows/id-time.js';
import { LostEverywhere } from './lost-everywhere.js';
import { LostTermsReader } from './lost-terms-reader.js';
import { LostWithdrawals } from './lost-withdrawals.js';

/** Withdrawals may be lost up to this time after the restore was noticed. */
const LOST_UNTIL_MS = 10_000;

/**
 * Records lost withdrawals again, under the original id and public number. The terms come from the
 * newest published step, or from the command that asked for the hold, because the first step is
 * published after the hold is placed. The ledger confirms the existing hold or places it again, and
 * the venue reports the payment's result. No amount is held, paid or debited twice.
 */
@Injectable()
export class RestoreLost {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lost: LostWithdrawals,
    private readonly lostEverywhere: LostEverywhere,
    private readonly published: LostTermsReader,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Records the lost withdrawals found so far. New requests are refused until all withdrawals up to
   * a restore were compared. Throws while the ledger or Kafka is away.
   */
  async run(signal?: AbortSignal): Promise<void> {
    const [restore] = await this.unitOfWork.database.query<{ began_at: Date }>(RESTORE, []);
    await this.record(signal);
    if (!restore) return;
    const to = idAt(restore.began_at.getTime() + LOST_UNTIL_MS);
    const ended = await this.unitOfWork.database.query(RECORDED, [to, restore.began_at]);
    if (ended.length > 0)
      this.logger.info(
        {},
        'the lost withdrawals are on record again: new requests are accepted again',
      );
  }

  private async record(signal?: AbortSignal): Promise<void> {
    await this.lost.find(signal);
    const lost = [...(await this.lost.open(signal)), ...(await this.lostEverywhere.find())];
    if (lost.length === 0) return;
    const continued = await this.published.continued(lost);
    const restored = await this.unitOfWork.run(async (tx) =>
      insertContinued(tx, continued, await tx.now()),
    );
    await this.lost.resolve();
    if (restored === 0) return;
    this.logger.warn(
      { lost: lost.length, restored },
      'lost withdrawals are on record again, from their published terms',
    );
  }
}

const RESTORE = 'SELECT began_at FROM life WHERE behind';

// $2 has milliseconds: a later restore is left alone
const RECORDED = `
  UPDATE life SET behind = false
   WHERE behind AND began_at < $2::timestamptz + interval '1 millisecond'
     AND EXISTS (SELECT FROM ledger_comparison WHERE holds_compared_to >= $1::uuid)
  RETURNING 1`;
