import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { OtherSpending, VenueAdapter, VenueBalance } from '@sluice/connector-rules';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { WorkerLeases, type WorkerLease } from '../loops/worker-lease.js';
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
}

/**
 * Compares the venue's balances with the sent payments, each minute, in one process. An excess is
 * recorded as a deposit. A decrease beyond all sent and possibly sent payments opens a break:
 * another party pays from this account.
 */
@Injectable()
export class BalanceWatch {
  readonly loop: BackgroundLoop;
  private readonly lease: WorkerLease;

  constructor(
    @InjectVenueAdapter()
    private readonly adapter: Pick<VenueAdapter, 'balances' | 'besides' | 'capabilities'>,
    private readonly unitOfWork: UnitOfWork,
    leases: WorkerLeases,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly options: { readonly recordIntervalMs: number },
  ) {
    this.lease = leases.named('balances');
    this.loop = new BackgroundLoop('reading the balances', logger, (signal) => this.step(signal));
  }

  private async step(signal: AbortSignal): Promise<number> {
    const { recordIntervalMs } = this.options;
    if (this.adapter.balances === undefined || !(await this.lease.held())) return recordIntervalMs;
    if (await this.read(false)) {
      // A single deviating answer may be an error of the venue: only the second reading counts.
      await sleep(Math.min(LONGEST_DOUBT_MS, recordIntervalMs), undefined, { signal });
      await this.read(true);
    }
    return recordIntervalMs;
  }

  /** Takes a reading. Returns true if a balance deviates and a second reading is needed. */
  async read(isSecond: boolean): Promise<boolean> {
    const begunAt = this.unitOfWork.database.clock.now();
    const answer = await this.adapter.balances?.();
    if (answer === undefined) return false;
    if (answer.kind === 'unavailable') {
      this.logger.warn({ cause: answer.cause }, 'the balances at the venue could not be read');
      return false;
    }
    const besides = await this.besides(begunAt);
    return this.unitOfWork.run(async (tx) => {
      const judged = await this.judge(tx, answer.balances, besides, begunAt);
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
  }

  /**
   * Reads other spending after the balances: spending since the balance reading counts as under
   * way.
   */
  private async besides(begunAt: Date): Promise<readonly OtherSpending[]> {
    if (this.adapter.besides === undefined) return [];
    const to = new Date(begunAt.getTime() - CERTAIN_AFTER_MS);
    const counted = await this.unitOfWork.database.query<{ currency: string; counted_to: Date }>(
      COUNTED_TO,
    );
    return this.adapter.besides(
      counted.map(({ currency, counted_to: from }) => ({ currency, from, to })),
    );
  }

  private judge(
    tx: Tx,
    balances: readonly VenueBalance[],
    besides: readonly OtherSpending[],
    begunAt: Date,
  ): Promise<JudgedBalance[]> {
    const ofAssets = this.adapter.capabilities.balancesOf === 'asset';
    const rows = balances.map(({ currency, total }) => {
      const other = besides.find((one) => one.currency === currency);
      return {
        currency,
        total: total.toString(),
        gone: other?.gone.toString() ?? '0',
        under_way: other?.underWay.toString() ?? '0',
      };
    });
    // Wallets of ours pay no venue fee; chain fees are reported separately.
    const fees = ofAssets
      ? Object.fromEntries(balances.map(({ currency }) => [currency, '0']))
      : LARGEST_FEES;
    return tx.query(JUDGE_BALANCES, [rowsJson(rows), begunAt, JSON.stringify(fees), ofAssets]);
  }
}
