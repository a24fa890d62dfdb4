import type { Database } from '@sluice/postgres';
import type { TimeKind } from '../sql/balances-at.js';

interface SharedRow {
  asset: string;
  posted: string;
  held: string;
}

/** Lag of the fold. Balances include unfolded rows: a lag makes queries slower but never wrong. */
interface SharedLag {
  readonly unfolded: number;
  readonly lagMs: number;
}

/**
 * Returns the sum of all postings to a shared account in a single snapshot: folded days plus
 * unfolded rows. Reads no posting.
 */
export function sharedBalances(
  database: Pick<Database, 'query'>,
  account: string,
): Promise<SharedRow[]> {
  return database.query<SharedRow>(SHARED_NOW, [account]);
}

export const SHARED_NOW = `
  SELECT asset, sum(amount) AS posted, 0::numeric AS held
    FROM (SELECT asset, sum AS amount FROM shared_day WHERE account = $1 AND by = 'recorded'
          UNION ALL
          SELECT asset, amount FROM shared_sum WHERE account = $1 AND NOT folded) AS parts
   GROUP BY asset ORDER BY asset`;

const FOLDED = 'SELECT asset, amount FROM shared_sum WHERE account = $1 AND folded AND';
const sinceMidnight = (columnSql: string) =>
  `${columnSql} >= date_trunc('day', $2::timestamptz, 'UTC') AND ${columnSql} <= $2::timestamptz`;

/**
 * Folded sums of the moment's day, up to the moment. Nearly all sums take effect when they are
 * recorded; `shared_by_own_effect` has only the others.
 */
const FOLDED_TODAY: Readonly<Record<TimeKind, string>> = {
  recorded: `${FOLDED} ${sinceMidnight('recorded_at')}`,
  effective: `
          ${FOLDED} effective_at = recorded_at AND ${sinceMidnight('recorded_at')}
          UNION ALL
          ${FOLDED} effective_at <> recorded_at AND ${sinceMidnight('effective_at')}`,
};

/**
 * Returns the balance at a moment, inclusive: whole days before the moment, plus each transaction
 * of the moment's day.
 */
export function sharedBalancesAt(
  database: Pick<Database, 'query'>,
  account: string,
  at: string,
  by: TimeKind,
): Promise<SharedRow[]> {
  return database.query<SharedRow>(sharedAt(by), [account, at, by]);
}

export function sharedAt(by: TimeKind): string {
  const columnSql = by === 'effective' ? 'effective_at' : 'recorded_at';
  return `
  SELECT asset, sum(amount) AS posted, 0::numeric AS held
    FROM (SELECT asset, sum AS amount FROM shared_day WHERE account = $1 AND by = $3 AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date
          UNION ALL
          ${FOLDED_TODAY[by]}
          UNION ALL
          SELECT asset, amount FROM shared_sum WHERE account = $1 AND NOT folded AND ${columnSql} <= $2::timestamptz) AS parts
   GROUP BY asset ORDER BY asset`;
}

export async function sharedLag(database: Pick<Database, 'query'>): Promise<SharedLag> {
  const [row] = await database.query<SharedLag>(
    `SELECT count(*)::int AS unfolded, coalesce(extract(epoch FROM clock_timestamp() - min(written_at)) * 1000, 0)::int AS "lagMs"
       FROM shared_sum WHERE NOT folded`,
  );
  return row ?? { unfolded: 0, lagMs: 0 };
}
