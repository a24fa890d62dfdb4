import { Injectable } from '@nestjs/common';
import type { Asset, CeilingSpan } from '@sluice/kernel';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { InjectLogger, openHalts } from '@sluice/service-shell';
import {
  AttemptNumbers,
  AttemptsMissingError,
  type Numbering,
  type NumberingFault,
  READ_ATTEMPTS,
} from '../attempts/attempt-numbers.js';
import { SendAuthority } from '../authority/send-authority.js';
import { type BreakToOpen, openBreaks } from '../breaks/open-breaks.js';
import { CLAIM } from './queue-sql.js';

const ATTEMPTS_MISSING = 'attempts_missing';

@Injectable()
export class ClaimCommits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
    private readonly numbers: AttemptNumbers = new AttemptNumbers(),
  ) {}

  /** Commits a claim. `claimIn` returns the claim's parameters; null: nothing is claimed. */
  async commit(
    claimIn: (tx: Tx) => Promise<readonly unknown[] | null>,
  ): Promise<readonly BegunRow[]> {
    const claimed = await this.begin(async (tx, verify) => {
      const parameters = await claimIn(tx);
      if (parameters === null) return [];
      return verify(await tx.query<BegunRow | RowAbove>(CLAIM, parameters));
    });
    return claimed ?? [];
  }

  /**
   * Runs a transaction that begins attempts, and returns its result. `verify` takes the attempts
   * as returned by the statement that began them. Null: the transaction is rolled back because the
   * database went back, or attempts were removed.
   */
  async begin<T>(work: (tx: Tx, verify: VerifyBegun) => Promise<T>): Promise<T | null> {
    const { database } = this.unitOfWork;
    const { continuity } = database;
    const beats = continuity.counted;
    const { generation } = continuity;
    const highest = this.numbers.known(generation);
    let newest = 0;
    const beginning = this.unitOfWork.run((tx) => {
      newest = 0;
      return work(tx, async (judged) => {
        const [first] = judged;
        if (!first) return [];
        const wentBack = continuity.count(beats, first.beats ?? -1);
        if (wentBack !== null) throw new DatabaseWentBackError(wentBack);
        const isSameDatabase = generation === continuity.generation;
        const fault = isSameDatabase ? this.numbers.fault(numberingOf(first), highest) : null;
        if (fault !== null) throw new AttemptsMissingError(fault, first.numbering?.missing ?? []);
        await openBreaks(tx, this.logger, judged.filter(isAbove).map(ceilingBreak));
        const begun = judged.filter(isBegun);
        if (begun.some(({ before }) => before === null))
          throw new Error('an attempt that got a number did not begin');
        newest = (begun[0]?.before ?? 0) + begun.length;
        return begun;
      });
    });
    try {
      const result = await beginning;
      this.numbers.committed(newest);
      return result;
    } catch (error) {
      if (error instanceof DatabaseWentBackError) await database.wentBack(error.message);
      else if (error instanceof AttemptsMissingError) await this.haltForMissing(error);
      else throw error;
      return null;
    }
  }

  /**
   * Begins a comparison of numberings. Must be called before the statement that reads the
   * numbering.
   */
  comparison(): (read: Pick<BegunRow, 'numbering'>) => Promise<void> {
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

/** Checks the attempts that a transaction begins. Throws to roll the transaction back. */
export type VerifyBegun = (
  judged: readonly (BegunRow | RowAbove)[],
) => Promise<readonly BegunRow[]>;

/** An attempt that begins with the commit of its transaction. */
export interface BegunRow {
  readonly above: null;
  readonly withdrawal_id: string;
  readonly asset: Asset;
  readonly lease_token: string;
  readonly left_ms: number | null;
  readonly traceparent: string | null;
  /** Number of heartbeats counted by the database. */
  readonly beats: number | null;
  /** Numbering before the claim; null if the counter is missing. */
  readonly numbering: NumberingRow | null;
  /**
   * Highest number of an attempt before this claim; null for a row above a ceiling, and if an
   * attempt with a number did not begin.
   */
  readonly before: number | null;
}

interface NumberingRow {
  readonly last: number;
  readonly swept_to: number;
  /** Missing numbers among the newest; null: none. */
  readonly missing: readonly number[] | null;
}

/** Row above a ceiling; stays in the queue. */
interface RowAbove extends Pick<
  BegunRow,
  'withdrawal_id' | 'asset' | 'beats' | 'numbering' | 'before'
> {
  readonly above: CeilingSpan | 'none';
  /** Begin of the hour or day. */
  readonly moment: string;
}

/** The heartbeat counter is lower than a value seen before by this process. */
class DatabaseWentBackError extends Error {
  override readonly name = 'DatabaseWentBackError';
}

function numberingOf({ numbering }: Pick<BegunRow, 'numbering'>): Numbering | null {
  if (numbering === null) return null;
  const { last, swept_to: sweptTo, missing } = numbering;
  return { last, sweptTo, missing: missing ?? [] };
}

function isAbove(row: BegunRow | RowAbove): row is RowAbove {
  return row.above !== null;
}

function isBegun(row: BegunRow | RowAbove): row is BegunRow {
  return row.above === null;
}

function ceilingBreak({
  withdrawal_id: withdrawalId,
  asset,
  above,
  moment,
}: RowAbove): BreakToOpen {
  const subject = `${asset} ${above} ${above === 'call' || above === 'none' ? withdrawalId : moment}`;
  const details = `with ${withdrawalId} more ${asset} would be sent than this connector ever sends (${above})`;
  return { kind: 'ceiling', subject, withdrawalId, details, asset };
}

interface SealedRow {
  readonly withdrawal_id: string;
  readonly number: number;
  readonly request: string;
  readonly request_seal: string;
  readonly serial_number: number;
}

export interface ReadAttempts extends Pick<BegunRow, 'numbering'> {
  readonly sealed: readonly SealedRow[];
}

/** Compares the stored attempts with the numbers known by this process and with their seals. */
@Injectable()
export class AttemptWatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: ClaimCommits,
    private readonly authority: SendAuthority,
  ) {}

  /** Begins a comparison. Must be called before the statement that reads the attempts. */
  comparison(): (read: ReadAttempts) => Promise<void> {
    const compareNumbers = this.claims.comparison();
    return async (read) => {
      await compareNumbers(read);
      const moved = read.sealed.find((row) => !this.isSealed(row));
      if (moved === undefined) return;
      const { withdrawal_id: withdrawalId, serial_number: number } = moved;
      await this.claims.halt({
        subject: `number ${number}`,
        details: `the attempt with the number ${number} is not an attempt of ${withdrawalId}: another party has written the attempts of this database`,
      });
    };
  }

  async compare(): Promise<void> {
    const compare = this.comparison();
    const [read] = await this.unitOfWork.database.query<ReadAttempts>(READ_ATTEMPTS, []);
    if (read) await compare(read);
  }

  private isSealed({
    withdrawal_id: withdrawalId,
    number,
    request,
    request_seal: seal,
  }: SealedRow) {
    return this.authority.isRequest({ withdrawalId, number }, request, seal);
  }
}
