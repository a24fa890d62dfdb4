import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OtherSpending, VenueAdapter, VenueBalance } from '@sluice/connector-rules';
import { rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import type { BackgroundLoop, Logger } from '@sluice/runtime';
import { type Check, InjectConfig, InjectLogger } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';
import { OF_DISPUTE_SQL } from '../cases/open-cases.js';
import { REFUSED_AGAIN, SubmissionLoops } from '../loops/submission-loops.js';
import type { WorkerLease } from '../loops/worker-lease.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';

/** Unit of a venue balance: a currency, or an asset if $4 is true. */
const CURRENCY = "(CASE WHEN $4::boolean THEN s.asset ELSE split_part(s.asset, '.', 1) END)";
const LARGEST_FEE = `coalesce(s.venue_fee, ($3::jsonb ->> ${CURRENCY})::numeric, s.gross)`;

/** Amount that left the account. Some venues take the fee out of `gross`, others add it. */
const GONE = 'greatest(s.gross, s.amount + coalesce(s.venue_fee, 0))';

/** End of the period already counted, by balance; `exactly` in microseconds. */
const COUNTED_TO = 'SELECT currency, counted_to, counted_to::text AS exactly FROM venue_balance';

/**
 * Judges balance readings begun at $2. $1: currency, total, and other spending. A reading is
 * `overtaken` by one stored after it began. A payment settled two minutes before has left the
 * balance. Possibly left have: payments not ended or ended later, orders with a look-up before the
 * next send (`gross` null without a claim), and unclaimed records. `expected` is the balance
 * without these payments, `least` with all of them deducted.
 */
const JUDGE_BALANCES = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(currency text, total numeric, gone numeric, under_way numeric, counted_to timestamptz)),
  prior AS (SELECT b.* FROM venue_balance b JOIN given USING (currency) ORDER BY currency FOR UPDATE OF b),
  cut AS (SELECT $2::timestamptz - interval '2 minutes' AS at),
  certain AS (
    SELECT p.currency, sum(${GONE}) AS gone
      FROM prior p, cut, submission s
     WHERE s.state = 'settled' AND s.finished_at > (SELECT min(counted_to) FROM prior) AND s.finished_at > p.counted_to AND s.finished_at <= cut.at AND ${CURRENCY} = p.currency
     GROUP BY 1),
  under_way AS (
    SELECT currency, sum(gross) AS gross FROM (
      SELECT ${CURRENCY} AS currency, s.gross + ${LARGEST_FEE} AS gross FROM submission s
       WHERE s.state IN ('sending','refusing','repeating','unknown','undecided','accepted') AND s.gross IS NOT NULL
      UNION ALL
      SELECT ${CURRENCY}, coalesce(s.gross, s.amount) + coalesce(${LARGEST_FEE}, s.amount) FROM submission s WHERE s.state = 'prepared' AND s.lookup_first
      UNION ALL
      SELECT ${CURRENCY}, s.gross + ${LARGEST_FEE} FROM submission_case c JOIN submission s ON s.withdrawal_id = c.withdrawal_id AND s.state = 'disputed'
       WHERE c.kind ${OF_DISPUTE_SQL} AND s.gross IS NOT NULL
      UNION ALL
      SELECT ${CURRENCY}, s.gross + ${LARGEST_FEE} FROM submission s, cut WHERE s.finished_at > cut.at AND s.gross IS NOT NULL
      UNION ALL
      SELECT p.currency, 2 * u.gross::numeric FROM unclaimed_record u JOIN prior p ON p.currency = split_part(u.amount_key, ' ', 1)
       WHERE u.closed_at IS NULL AND u.gross ~ '^[0-9]{1,30}([.][0-9]{1,30})?$' AND u.created_at > p.exact_at - interval '2 minutes') AS moving
     GROUP BY 1),
  judged AS (
    SELECT g.currency, g.total, coalesce(p.expected - coalesce(c.gone, 0) - g.gone, g.total) AS expected, coalesce(u.gross, 0) + g.under_way AS under_way,
           p.counted_to IS DISTINCT FROM g.counted_to AS overtaken
      FROM given g LEFT JOIN prior p USING (currency) LEFT JOIN certain c USING (currency) LEFT JOIN under_way u USING (currency))
  SELECT currency, total::text, expected::text, (expected - under_way)::text AS least, total < expected - under_way AS apart, overtaken
    FROM judged ORDER BY currency`;

/** Stores the judged rows ($1). An excess is a deposit; a balance apart becomes the expected one. */
const KEEP_BALANCES = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(currency text, total numeric, expected numeric, least numeric, apart boolean)),
  next AS (
    SELECT currency, total, CASE WHEN apart OR total > expected THEN total ELSE least(expected, total + (expected - least)) END AS expected,
           apart OR total >= expected OR expected = least AS exact
      FROM given),
  deposit AS (
    INSERT INTO venue_deposit (currency, amount)
    SELECT g.currency, g.total - g.expected FROM given g JOIN venue_balance b USING (currency) WHERE g.total > g.expected
    RETURNING currency)
  INSERT INTO venue_balance AS b (currency, total, expected, counted_to, exact_at, read_at)
  SELECT currency, total, expected, $2::timestamptz - interval '2 minutes', $2::timestamptz, $2::timestamptz FROM next ORDER BY currency
  ON CONFLICT (currency) DO UPDATE
    SET total = EXCLUDED.total, expected = EXCLUDED.expected, counted_to = EXCLUDED.counted_to, read_at = EXCLUDED.read_at,
        exact_at = CASE WHEN (SELECT n.exact FROM next n WHERE n.currency = b.currency) THEN EXCLUDED.exact_at ELSE b.exact_at END`;

/** Upper bound of a venue's fee by currency, while the fee is unknown. Default: the amount itself. */
export const LARGEST_FEES: Readonly<Record<string, string>> = {
  USDT: '100',
  USDC: '100',
  TRX: '500',
  XRP: '50',
  ETH: '0.1',
  BTC: '0.01',
  EUR: '10',
};

const LONGEST_DOUBT_MS = 5_000;
/** A payment ended this long before a reading has left the balance (as in `JUDGE_BALANCES`). */
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
 * Compares the venue's balances with the sent payments, each minute. A decrease beyond all possibly
 * sent payments opens a break.
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

  /** Takes a reading. True if another is needed: a first deviation, or an overtaken reading. */
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

  /** Reads other spending after the balances: spending in between counts as under way. */
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
