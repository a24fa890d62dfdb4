import { Injectable } from '@nestjs/common';
import { MOST_COMPARED, type ChainHeadDto, type HoldsComparedDto } from '@sluice/http-api';
import { BackgroundLoop, Patience } from '@sluice/runtime';
import {
  Check,
  Health,
  InjectLogger,
  LoopingService,
  type Logger,
  openHalts,
} from '@sluice/service-shell';
import { type Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ServiceAwayError } from '../other-services/asked-service.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import * as sql from './comparison-sql.js';
import { RestoreLost } from './restore-lost.js';
import { judgeHold, SETTLED, type ComparedWithdrawal, type Difference } from './judge-hold.js';

/** Longest time between two looks; the common poll finds a due run sooner. */
const LOOK_EVERY_MS = 10_000;
const CHECKED_EVERY_MS = 60_000;
/** Longest trust in the stored time of the next run, which divides the work between instances. */
const LONGEST_REFUSAL_MS = 80_000;
/** Parts of the sweep per run: in normal operation, and after a loss in the ledger. */
const SWEEP_PARTS = { calm: 2, urgent: 200 };
const MOST_PARTS = 200;

/** Reasons of the halt of all new withdrawals; see docs/operations/runbook.md. */
const WENT_BACK = 'ledger_went_back';
const APART = 'ledger_apart';

interface ComparisonRun {
  readonly compared_to: string;
  readonly swept_to: string | null;
  readonly sweep_urgent: boolean;
}

interface FoundDifferences extends Difference {
  readonly id: string;
}

/**
 * Compares withdrawals with the ledger's holds every minute: new, ended and open ones, and a part
 * of all others. A ledger without a stored chain head was restored: all withdrawals are compared
 * again. Differences halt all new withdrawals, and stay until both agree.
 */
@Injectable()
export class LedgerComparison extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly patience = new Patience(LONGEST_REFUSAL_MS);
  private readonly check: Check;

  private readonly database: Database;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerClient,
    private readonly restoreLost: RestoreLost,
    @InjectLogger() private readonly logger: Logger,
    health: Health,
  ) {
    super();
    this.database = unitOfWork.database;
    this.check = health.watch(new Check({ name: 'ledger comparison', everyMs: CHECKED_EVERY_MS }));
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'compare with the ledger', logger, (signal) =>
      this.runIfDue(signal),
    );
  }

  override onApplicationBootstrap(): void {
    super.onApplicationBootstrap();
    this.database.poll.wakeWhile(() => sql.RUN_IS_DUE, this.loop);
  }

  /** Returns whether this instance ran the comparison. Throws while the ledger is unavailable. */
  async runIfDue(signal?: AbortSignal): Promise<boolean> {
    const isDue = await this.patience.permits(
      async () => (await this.database.query(sql.TAKE_RUN)).length > 0,
    );
    if (!isDue) return false;
    await this.check.run(() =>
      this.run(signal).catch((error: unknown) => {
        if (error instanceof ServiceAwayError) this.check.attempted();
        throw error;
      }),
    );
    return true;
  }

  private async run(signal?: AbortSignal): Promise<void> {
    const [run] = await this.database.query<ComparisonRun>(PLACE, []);
    if (!run) return;
    await this.compareHeads();
    await this.compareFresh(run.compared_to, signal);
    await this.compareUnsettled(signal);
    await this.sweep(signal);
    await this.restoreLost.run(signal);
    await this.database.query(sql.RUN_ENDED);
    this.check.completed();
    const [after] = await this.database.query<ComparisonRun>(PLACE, []);
    if (after?.sweep_urgent) await this.database.query(sql.RUN_NOW);
  }

  /** Compares these withdrawals after their commands were sent again. */
  async compareNamed(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += MOST_COMPARED) {
      const part = ids.slice(at, at + MOST_COMPARED);
      await this.compare(await this.database.query<ComparedWithdrawal>(sql.NAMED, [part]));
    }
  }

  private async compareHeads(): Promise<void> {
    const kept = await this.database.query<ChainHeadDto>(sql.HEADS, []);
    const { heads, lost } = await this.ledger.compareHolds({ heads: kept, withdrawals: [] });
    await this.unitOfWork.run(async (tx) => {
      if (lost.length === 0) return keepHeads(tx, heads);
      const details = `the ledger lacks ${lost.length} heads of chains that it had: ${lost
        .slice(0, 3)
        .map(({ shard, sequence }) => `entry ${sequence} of chain ${shard}`)
        .join(', ')}; its database was put back`;
      if (await this.halt(tx, WENT_BACK, details)) await tx.query(sql.SWEEP_ALL_NOW);
    });
  }

  private async compareFresh(from: string, signal?: AbortSignal): Promise<void> {
    let after = from;
    for (let part = 0; part < MOST_PARTS && !signal?.aborted; part++) {
      const rows = await this.part(sql.FRESH, after);
      const last = rows.at(-1);
      if (!last) return;
      await this.compare(rows, (tx) => tx.query(sql.COMPARED_TO, [last.number]));
      this.check.attempted();
      if (rows.length < MOST_COMPARED) return;
      after = last.number;
    }
  }

  private async compareUnsettled(signal?: AbortSignal): Promise<void> {
    let after: string | null = null;
    for (let part = 0; part < MOST_PARTS && !signal?.aborted; part++) {
      const rows: readonly ComparedWithdrawal[] = await this.part(sql.UNSETTLED, after);
      await this.compare(rows);
      this.check.attempted();
      after = rows.at(-1)?.id ?? null;
      if (rows.length < MOST_COMPARED) return;
    }
  }

  /** Reads the position for each part: a finding may have restarted the sweep. */
  private async sweep(signal?: AbortSignal): Promise<void> {
    for (let part = 0; !signal?.aborted; part++) {
      const [run] = await this.database.query<ComparisonRun>(PLACE, []);
      const parts = run?.sweep_urgent ? SWEEP_PARTS.urgent : SWEEP_PARTS.calm;
      if (!run || part >= parts) return;
      const rows = await this.part(sql.SWEPT, run.swept_to);
      const isOver = rows.length < MOST_COMPARED;
      const next = isOver ? null : (rows.at(-1)?.number ?? null);
      await this.compare(rows, (tx) =>
        tx.query(sql.SWEPT_TO, [next, isOver ? false : run.sweep_urgent]),
      );
      this.check.attempted();
      if (isOver) return;
    }
  }

  private part(statement: string, after: string | null): Promise<ComparedWithdrawal[]> {
    return this.database.query<ComparedWithdrawal>(statement, [after, MOST_COMPARED]);
  }

  /** Rows must be read before their holds. `moveOn` commits together with the findings. */
  private async compare(
    rows: readonly ComparedWithdrawal[],
    moveOn: (tx: Tx) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const withdrawals = rows.map(({ id }) => id);
    const answer: HoldsComparedDto | null =
      rows.length === 0 ? null : await this.ledger.compareHolds({ heads: [], withdrawals });
    const holds = new Map(answer?.holds.map((hold) => [hold.withdrawal_id, hold]));
    const found = rows.flatMap((row): FoundDifferences[] => {
      const difference = judgeHold(row, holds.get(row.id), answer?.detached_before ?? null);
      return difference ? [{ id: row.id, ...difference }] : [];
    });
    await this.unitOfWork.run(async (tx) => {
      await moveOn(tx);
      if (rows.length > 0) await this.keep(tx, rows, found);
    });
  }

  private async keep(
    tx: Tx,
    rows: readonly ComparedWithdrawal[],
    found: readonly FoundDifferences[],
  ): Promise<void> {
    const differing = new Set(found.map(({ id }) => id));
    const ids = (of: (row: ComparedWithdrawal) => boolean) => rows.filter(of).map(({ id }) => id);
    await tx.query(sql.RESOLVE, [ids(({ id }) => !differing.has(id))]);
    await tx.query(sql.FORGET_SETTLED, [ids(({ state }) => SETTLED.has(state))]);
    const open = ids(({ state }) => !SETTLED.has(state));
    if (open.length > 0) await tx.query(sql.KEEP_UNSETTLED, [open]);
    if (found.length === 0) return;
    const fresh = await tx.query<{ withdrawal_id: string }>(sql.KEEP_DIFFERENCES, [
      found.map(({ id }) => id),
      found.map(({ kind }) => kind),
      found.map(({ detail }) => detail),
    ]);
    if (fresh.length === 0) return;
    const [first] = found;
    const details = `the ledger lacks postings of ${fresh.length} completed withdrawals, such as ${first?.id}: ${first?.detail}`;
    if (await this.halt(tx, APART, details)) await tx.query(sql.SWEEP_ALL_NOW);
    this.logger.error(
      { withdrawals: found.slice(0, 20) },
      'the ledger lacks postings of completed withdrawals: all new withdrawals are halted',
    );
  }

  /** Returns whether a new halt was opened. */
  private async halt(tx: Tx, reason: string, details: string): Promise<boolean> {
    if ((await tx.query(sql.IS_HALTED, [reason])).length > 0) return false;
    const subject = `${reason} ${(await tx.now()).toISOString()}`;
    await openHalts(tx, [{ scope: 'all', reason, subject, details }], 'intake-api');
    this.logger.error({ reason, details }, 'all new withdrawals are halted');
    return true;
  }
}

async function keepHeads(tx: Tx, heads: readonly ChainHeadDto[]): Promise<void> {
  await tx.query(sql.KEEP_HEADS, [
    heads.map(({ shard }) => shard),
    heads.map(({ sequence }) => sequence),
    heads.map(({ hash }) => hash),
    heads.map(({ key }) => key ?? ''),
    heads.map(({ signature }) => signature ?? ''),
  ]);
}

const PLACE =
  'SELECT compared_to::text, swept_to::text, sweep_urgent FROM ledger_comparison LIMIT 1';
