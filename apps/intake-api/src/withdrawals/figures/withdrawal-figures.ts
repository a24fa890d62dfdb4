import { Injectable } from '@nestjs/common';
import type { WithdrawalCountsDto, WithdrawalThroughputDto } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import type { State } from '@sluice/withdrawal-core';
import { KeptAnswer } from './kept-answer.js';

type StateCount = WithdrawalCountsDto['states'][number];
type Minute = WithdrawalThroughputDto['minutes'][number];

/** Ends of the ages, in seconds. */
const AGES = [60, 600, 3_600, 86_400];
/** Withdrawals under way that are counted, of each source. */
const MOST_OPEN = 200_000;
/** Withdrawals read for the throughput. */
const NEWEST = 50_000;

/** Figures of all withdrawals, kept for some seconds. */
@Injectable()
export class WithdrawalFigures {
  private readonly open: KeptAnswer<WithdrawalCountsDto>;
  private readonly pace: KeptAnswer<WithdrawalThroughputDto>;

  constructor(private readonly database: Database) {
    this.open = new KeptAnswer(() => this.readCounts());
    this.pace = new KeptAnswer(() => this.readThroughput());
  }

  counts(): Promise<WithdrawalCountsDto> {
    return this.open.get();
  }

  throughput(): Promise<WithdrawalThroughputDto> {
    return this.pace.get();
  }

  private async readCounts(): Promise<WithdrawalCountsDto> {
    const rows = await this.database.query<CountRow>(COUNTS, [AGES, MOST_OPEN]);
    const [whole] = rows;
    return {
      counted_at: (whole?.counted_at ?? new Date(0)).toISOString(),
      complete: (whole?.read ?? 0) < MOST_OPEN,
      states: rows.flatMap((row) => (isOfState(row) ? [stateOf(row, rows)] : [])),
    };
  }

  private async readThroughput(): Promise<WithdrawalThroughputDto> {
    const rows = await this.database.query<MinuteRow>(THROUGHPUT, [NEWEST]);
    const [first] = rows;
    return {
      counted_at: (first?.counted_at ?? new Date(0)).toISOString(),
      since: (first?.since ?? new Date(0)).toISOString(),
      minutes: rows.map((row) => ({
        at: row.at.toISOString(),
        requested: row.requested,
        completed: row.completed,
        failed: row.failed,
        median_seconds: row.median_seconds,
        longest_seconds: row.longest_seconds,
      })),
    };
  }
}

/** The row without a state is of all. */
function isOfState(row: CountRow): row is CountOfState {
  return row.part === STATE && row.state !== null;
}

function stateOf({ state, count, oldest }: CountOfState, rows: readonly CountRow[]): StateCount {
  const own = rows.filter((row) => row.state === state);
  return {
    state,
    count,
    oldest_since: (oldest ?? new Date(0)).toISOString(),
    assets: own.flatMap((row) =>
      row.part === ASSET
        ? [{ asset: row.asset ?? '', count: row.count, amount: row.amount ?? '0' }]
        : [],
    ),
    ages: [...AGES, null].map((end, place) => ({
      up_to_seconds: end,
      count: own.find((row) => row.part === AGE && row.age === place)?.count ?? 0,
    })),
  };
}

/** Parts of the answer: columns that a row does not group by, as `GROUPING` shows them. */
const AGE = 1;
const ASSET = 2;
const STATE = 3;

interface CountRow {
  readonly part: number;
  readonly state: State | null;
  readonly asset: string | null;
  readonly age: number | null;
  readonly count: number;
  readonly amount: string | null;
  readonly oldest: Date | null;
  /** Rows read from the larger source. */
  readonly read: number;
  readonly counted_at: Date;
}

type CountOfState = CountRow & { readonly state: State };

interface MinuteRow extends Omit<Minute, 'at'> {
  readonly at: Date;
  readonly since: Date;
  readonly counted_at: Date;
}

const ENDED = `('rejected', 'completed', 'returned', 'failed', 'cancelled')`;

// Each row is looked up by its key: a join of its own choice could read the whole table.
const COUNTS = `
  WITH listed AS MATERIALIZED (SELECT id FROM open_withdrawal LIMIT $2),
  youngest AS MATERIALIZED (
    SELECT id, state, currency, network, amount, updated_at FROM withdrawal
     WHERE number > (SELECT scanned_to FROM recovery) ORDER BY withdrawal.number DESC LIMIT $2),
  found AS (
    SELECT w.* FROM listed o CROSS JOIN LATERAL (
      SELECT id, state, currency, network, amount, updated_at FROM withdrawal WHERE id = o.id OFFSET 0) AS w
    UNION ALL SELECT * FROM youngest y WHERE NOT EXISTS (SELECT FROM open_withdrawal WHERE id = y.id)),
  open AS (
    SELECT state, currency || '.' || network AS asset, amount, updated_at,
           width_bucket(extract(epoch FROM clock_timestamp() - updated_at)::float8, $1::float8[]) AS age
      FROM found WHERE state NOT IN ${ENDED})
  SELECT GROUPING(age, asset)::int AS part, state, asset, age, count(*)::int AS count, trim_scale(sum(amount))::text AS amount, min(updated_at) AS oldest,
         greatest((SELECT count(*) FROM listed), (SELECT count(*) FROM youngest))::int AS read, clock_timestamp() AS counted_at
    FROM open GROUP BY GROUPING SETS ((), (state), (state, asset), (state, age)) ORDER BY state NULLS FIRST, part DESC, asset, age`;

const THROUGHPUT = `
  WITH newest AS MATERIALIZED (
    SELECT state, requested_at, updated_at FROM withdrawal
     WHERE number > floor(extract(epoch FROM clock_timestamp() - interval '2 hours' - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048
     ORDER BY withdrawal.number DESC LIMIT $1),
  reach AS (
    SELECT clock_timestamp() AS counted_at, CASE WHEN count(*) < $1 THEN clock_timestamp() - interval '2 hours' ELSE min(requested_at) END AS since FROM newest),
  minute AS (
    SELECT generate_series(date_trunc('minute', counted_at) - interval '59 minutes', date_trunc('minute', counted_at), '1 minute') AS at FROM reach),
  requested AS (SELECT date_trunc('minute', requested_at) AS at, count(*)::int AS count FROM newest GROUP BY 1),
  ended AS (
    SELECT date_trunc('minute', updated_at) AS at, count(*) FILTER (WHERE state = 'completed')::int AS completed, count(*) FILTER (WHERE state <> 'completed')::int AS failed,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM updated_at - requested_at)::float8) FILTER (WHERE state = 'completed') AS median_seconds,
           max(extract(epoch FROM updated_at - requested_at)::float8) FILTER (WHERE state = 'completed') AS longest_seconds
      FROM newest WHERE state IN ${ENDED} GROUP BY 1)
  SELECT minute.at, coalesce(r.count, 0) AS requested, coalesce(e.completed, 0) AS completed, coalesce(e.failed, 0) AS failed,
         e.median_seconds, e.longest_seconds, reach.since, reach.counted_at
    FROM reach, minute LEFT JOIN requested r USING (at) LEFT JOIN ended e USING (at) ORDER BY at`;
