import { Gauge } from 'prom-client';
import type { Amount } from '@sluice/kernel';
import { customerOf, type JournalEntry } from '@sluice/ledger-core';
import type { Database, Tx } from '@sluice/postgres';
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

/** Sum of all postings to a shared account in one snapshot: folded days plus unfolded rows. */
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
 * Folded sums of the moment's day, up to the moment; `shared_by_own_effect` has later recorded
 * ones.
 */
const FOLDED_TODAY: Readonly<Record<TimeKind, string>> = {
  recorded: `${FOLDED} ${sinceMidnight('recorded_at')}`,
  effective: `
          ${FOLDED} effective_at = recorded_at AND ${sinceMidnight('recorded_at')}
          UNION ALL
          ${FOLDED} effective_at <> recorded_at AND ${sinceMidnight('effective_at')}`,
};

/** Balance at a moment, inclusive: whole days, plus each transaction of the moment's day. */
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

interface SharedSum {
  readonly account: string;
  readonly recordedAt: string;
  readonly effectiveAt: string;
  readonly amount: Amount;
}

/** Inserts a row per shared account of these entries: transactions never wait for a common row. */
export function saveSharedSums(tx: Tx, entries: readonly JournalEntry[]): void {
  const sums = new Map<string, SharedSum>();
  for (const { postings, recordedAt, effectiveAt } of entries) {
    for (const { account, amount } of postings) {
      if (customerOf(account) !== undefined) continue;
      const key = `${account} ${amount.asset} ${effectiveAt}`;
      const sum = sums.get(key);
      sums.set(key, {
        account,
        recordedAt,
        effectiveAt,
        amount: sum ? sum.amount.plus(amount) : amount,
      });
    }
  }
  if (sums.size === 0) return;
  const rows = [...sums.values()];
  void tx.query(
    `INSERT INTO shared_sum (account, asset, amount, recorded_at, effective_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::timestamptz[], $5::timestamptz[])`,
    [
      rows.map((row) => row.account),
      rows.map((row) => row.amount.asset),
      rows.map((row) => row.amount.toString()),
      rows.map((row) => row.recordedAt),
      rows.map((row) => row.effectiveAt),
    ],
  );
}

const AT_ONCE = 20_000;
const FOLD_LOCK = 7_315_004;

export const IS_ANY_UNFOLDED = 'EXISTS (SELECT FROM shared_sum WHERE NOT folded)';

const LAG = new Gauge({
  name: 'ledger_shared_lag_seconds',
  help: 'age of the oldest sum of a shared account that is not folded yet',
});
const UNFOLDED = new Gauge({
  name: 'ledger_shared_unfolded',
  help: 'sums of shared accounts that are not folded yet',
});

/**
 * Adds up to 20,000 rows of `shared_sum` to their days; returns true if more remain. An advisory
 * lock admits one instance at a time.
 */
export async function foldSharedSums(database: Database): Promise<boolean> {
  const { unfolded, lagMs } = await sharedLag(database);
  UNFOLDED.set(unfolded);
  LAG.set(lagMs / 1000);
  if (unfolded === 0) return false;
  const folded = await database.withClient(async (client) => {
    await client.query('BEGIN');
    try {
      const { rows: locks } = await client.query<{ got: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS got',
        [FOLD_LOCK],
      );
      const { rows } = locks[0]?.got ? await client.query<{ n: number }>(FOLD) : { rows: [] };
      await client.query('COMMIT');
      return rows[0]?.n ?? 0;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
  return folded === AT_ONCE;
}

const FOLD = `
  WITH taken AS (
    UPDATE shared_sum SET folded = true WHERE id IN (SELECT id FROM shared_sum WHERE NOT folded LIMIT ${AT_ONCE}) AND NOT folded
    RETURNING account, asset, amount, recorded_at, effective_at
  ), stored AS (
    INSERT INTO shared_day AS d (account, by, day, asset, sum)
    SELECT account, by, day, asset, sum(amount)
      FROM taken, LATERAL (VALUES ('recorded', (recorded_at AT TIME ZONE 'UTC')::date), ('effective', (effective_at AT TIME ZONE 'UTC')::date)) AS t(by, day)
     GROUP BY account, by, day, asset
    ON CONFLICT (account, by, day, asset) DO UPDATE SET sum = d.sum + excluded.sum
  )
  SELECT count(*)::int AS n FROM taken`;
