import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger, openHalts } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';
import {
  AttemptNumbers,
  AttemptsMissingError,
  type NumberingFault,
} from '../attempts/attempt-numbers.js';
import {
  ceilingBreak,
  DatabaseWentBackError,
  isAbove,
  isClaimed,
  numberingOf,
  type ClaimedRow,
  type RowAbove,
} from './claimed-row.js';
import { CLAIM } from './queue-sql.js';

const ATTEMPTS_MISSING = 'attempts_missing';

/** Commits claims, unless the database lost rows known by this process. */
@Injectable()
export class ClaimCommits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
    private readonly numbers: AttemptNumbers = new AttemptNumbers(),
  ) {}

  /**
   * Rolls the claim back if the database went back, or if attempts were removed. `claimIn` returns
   * the parameters of the claim; null: nothing is claimed, and the transaction commits.
   */
  async commit(
    claimIn: (tx: Tx) => Promise<readonly unknown[] | null>,
  ): Promise<readonly ClaimedRow[]> {
    const { database } = this.unitOfWork;
    const { continuity } = database;
    const beats = continuity.counted;
    const { generation } = continuity;
    const highest = this.numbers.known(generation);
    const claiming = this.unitOfWork.run(async (tx) => {
      const parameters = await claimIn(tx);
      if (parameters === null) return [];
      const judged = await tx.query<ClaimedRow | RowAbove>(CLAIM, parameters);
      const [first] = judged;
      if (!first) return [];
      const wentBack = continuity.count(beats, first.beats ?? -1);
      if (wentBack !== null) throw new DatabaseWentBackError(wentBack);
      const isSameDatabase = generation === continuity.generation;
      const fault = isSameDatabase ? this.numbers.fault(numberingOf(first), highest) : null;
      if (fault !== null) throw new AttemptsMissingError(fault, first.numbering?.missing ?? []);
      await openBreaks(tx, this.logger, judged.filter(isAbove).map(ceilingBreak));
      return judged.filter(isClaimed);
    });
    try {
      const claimed = await claiming;
      this.numbers.committed((claimed[0]?.before ?? 0) + claimed.length);
      return claimed;
    } catch (error) {
      if (error instanceof DatabaseWentBackError) await database.wentBack(error.message);
      else if (error instanceof AttemptsMissingError) await this.haltForMissing(error);
      else throw error;
      return [];
    }
  }

  /**
   * Begins a comparison of the stored numbering with the numbers known by this process. Must be
   * called before the statement that reads the numbering.
   */
  comparison(): (read: Pick<ClaimedRow, 'numbering'>) => Promise<void> {
    const { continuity } = this.unitOfWork.database;
    const { generation } = continuity;
    const known = this.numbers.known(generation);
    return async (read) => {
      if (generation !== continuity.generation) return;
      const fault = this.numbers.fault(numberingOf(read), known);
      if (fault === null) return;
      await this.haltForMissing(new AttemptsMissingError(fault, read.numbering?.missing ?? []));
    };
  }

  /** A lift of the halt accepts the difference. */
  private async haltForMissing({ fault, missing }: AttemptsMissingError): Promise<void> {
    await this.halt(fault);
    this.numbers.reported(missing);
  }

  /** Opens a halt, unless people have lifted the halt of the same fault. */
  async halt(fault: NumberingFault): Promise<void> {
    const halts = [{ reason: ATTEMPTS_MISSING, ...fault }];
    const opened = await this.unitOfWork.run((tx) => openHalts(tx, halts, 'connector'));
    if (opened.length > 0)
      this.logger.error(
        fault,
        'the venue is halted: stored attempts of this connector are missing or changed',
      );
  }
}
