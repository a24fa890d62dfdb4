import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type BackgroundLoop, type Logger } from '@sluice/runtime';
import type { OtherSpending, VenueAdapter, VenueBalance } from '@sluice/connector-rules';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { type Check, InjectConfig, InjectLogger } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { REFUSED_AGAIN, SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { COUNTED_TO, JUDGE_BALANCES, KEEP_BALANCES } from './balance-sql.js';
import { LARGEST_FEES } from './largest-fees.js';

const LONGEST_DOUBT_MS = 5_000;
/**
 * A payment ended this long before a reading has certainly left the balance. `JUDGE_BALANCES` uses
 * the same time.
 */
const CERTAIN_AFTER_MS = 120_000;

interface JudgedBalance {
  readonly currency: string;
  readonly total: string;
  readonly expected: string;
  readonly least: string;
  readonly apart: boolean;
  readonly overtaken: boolean;
}

/** End of the counted period of a balance, in full precision for the database. */
interface CountedTo {
  readonly currency: string;
  readonly counted_to: Date;
  readonly exactly: string;
}

/**
 * Compares the venue's balances with the sent payments, each minute. An excess is
 * recorded as a deposit. A decrease beyond all sent and possibly sent payments opens a break:
 * another party pays from this account.
 */
@Injectable()
export class BalanceWatch {
  readonly loop: BackgroundLoop;
  /** Null if the venue has no balance to compare. */
  private readonly check: Check | null;

  constructor(
    @InjectVenueAdapter()
    private readonly adapter: Pick<VenueAdapter, 'balances' | 'besides' | 'capabilities'>,
    private readonly unitOfWork: UnitOfWork,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly options: { readonly recordIntervalMs: number },
  ) {
    const { recordIntervalMs: intervalMs } = options;
    this.check = adapter.balances ? loops.check('venue balances', intervalMs) : null;
    this.loop = loops.leased(
      { name: 'reading the balances', lease: 'balances', longestRefusalMs: intervalMs / 2 },
      (lease, signal) => this.step(lease, signal),
    );
  }

  private async step(lease: WorkerLease, signal: AbortSignal): Promise<number> {
    const { recordIntervalMs } = this.options;
    if (this.check === null) return recordIntervalMs;
    if (!(await lease.held())) return REFUSED_AGAIN * recordIntervalMs;
    if (!(await this.read(false))) return recordIntervalMs;
    // A single deviating answer may be an error of the venue: only the second reading counts.
    await sleep(Math.min(LONGEST_DOUBT_MS, recordIntervalMs), undefined, { signal });
    return (await this.read(true)) ? REFUSED_AGAIN * recordIntervalMs : recordIntervalMs;
  }

  /**
   * Takes a reading. Returns true if another reading is needed: a balance deviates for the first
   * time, or another instance has stored a reading in the meantime.
   */
  async read(isSecond: boolean): Promise<boolean> {
    const begunAt = this.unitOfWork.database.clock.now();
    const counted = await this.unitOfWork.database.query<CountedTo>(COUNTED_TO);
    const answer = await this.adapter.balances?.();
    if (answer === undefined) return false;
    if (answer.kind === 'unavailable') {
      this.check?.attempted();
      this.logger.warn({ cause: answer.cause }, 'the balances at the venue could not be read');
      return false;
    }
    const besides = await this.besides(counted, begunAt);
    const isUnsettled = await this.unitOfWork.run(async (tx) => {
      const rows = this.rowsOf(answer.balances, besides, counted);
      const judged = await this.judge(tx, rows, begunAt);
      if (judged.some((balance) => balance.overtaken)) return true;
      const apart = judged.filter((balance) => balance.apart);
      if (apart.length > 0 && !isSecond) return true;
      await tx.query(KEEP_BALANCES, [rowsJson(judged), begunAt]);
      await openBreaks(
        tx,
        this.logger,
        apart.map(({ currency, total, least, expected }) => ({
          kind: 'balance_apart',
          subject: `${currency} ${begunAt.toISOString()}`,
          details: `the venue has ${total} ${currency} of ours: ${expected} was expected, and at least ${least} with all that is under way`,
        })),
      );
      return false;
    });
    if (!isUnsettled) this.check?.completed();
    return isUnsettled;
  }

  /**
   * Reads other spending after the balances: spending since the balance reading counts as under
   * way.
   */
  private async besides(
    counted: readonly CountedTo[],
    begunAt: Date,
  ): Promise<readonly OtherSpending[]> {
    if (this.adapter.besides === undefined) return [];
    const to = new Date(begunAt.getTime() - CERTAIN_AFTER_MS);
    return this.adapter.besides(
      counted.map(({ currency, counted_to: from }) => ({ currency, from, to })),
    );
  }

  private rowsOf(
    balances: readonly VenueBalance[],
    besides: readonly OtherSpending[],
    counted: readonly CountedTo[],
  ) {
    return balances.map(({ currency, total }) => {
      const other = besides.find((one) => one.currency === currency);
      return {
        currency,
        total: total.toString(),
        gone: other?.gone.toString() ?? '0',
        under_way: other?.underWay.toString() ?? '0',
        counted_to: counted.find((one) => one.currency === currency)?.exactly ?? null,
      };
    });
  }

  private judge(
    tx: Tx,
    rows: ReturnType<BalanceWatch['rowsOf']>,
    begunAt: Date,
  ): Promise<JudgedBalance[]> {
    const ofAssets = this.adapter.capabilities.balancesOf === 'asset';
    // Wallets of ours pay no venue fee; chain fees are reported separately.
    const fees = ofAssets
      ? Object.fromEntries(rows.map(({ currency }) => [currency, '0']))
      : LARGEST_FEES;
    return tx.query(JUDGE_BALANCES, [rowsJson(rows), begunAt, JSON.stringify(fees), ofAssets]);
  }
}
