import { Gauge } from 'prom-client';
import type { Database } from '@sluice/postgres';
import { LINES, type TimeKind } from '../sql/balances-at.js';

interface SharedRow {
  asset: string;
  posted: string;
  held: string;
}

/** Lag of the fold. Balances include unfolded lines: a lag makes queries slower but never wrong. */
interface SharedLag {
  readonly unfolded: number;
  readonly lagMs: number;
}

/** Names of the shared accounts with a posting, in order: a look-up per name, and the unfolded lines. */
export async function sharedAccounts(database: Pick<Database, 'query'>): Promise<string[]> {
  const rows = await database.query<{ account: string }>(SHARED_ACCOUNTS);
  return rows.map(({ account }) => account);
}

export const SHARED_ACCOUNTS = `
  WITH RECURSIVE folded AS (
         (SELECT account FROM shared_day ORDER BY account LIMIT 1)
         UNION ALL
         SELECT (SELECT d.account FROM shared_day d WHERE d.account > f.account ORDER BY d.account LIMIT 1) FROM folded f WHERE f.account IS NOT NULL)
  SELECT account FROM folded WHERE account IS NOT NULL UNION SELECT account FROM shared_unfolded ORDER BY account`;

/** Sum of all postings to a shared account in one snapshot: folded days plus unfolded lines. */
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
          SELECT asset, amount FROM shared_unfolded WHERE account = $1) AS parts
   GROUP BY asset ORDER BY asset`;

const MINUTE = `date_trunc('minute', $2::timestamptz, 'UTC')`;
const inMinute = (columnSql: string) =>
  `e.${columnSql} >= ${MINUTE} AND e.${columnSql} <= $2::timestamptz`;
const linesOf = (conditionSql: string) => `
          SELECT p.asset, p.amount FROM journal_entry e, ${LINES} WHERE ${conditionSql} AND p.account = $1`;

/** Lines of the moment's minute, folded or not. */
const OF_MINUTE: Readonly<Record<TimeKind, string>> = {
  recorded: linesOf(inMinute('recorded_at')),
  effective: `${linesOf(`e.effective_at IS NULL AND ${inMinute('recorded_at')}`)}
          UNION ALL ${linesOf(inMinute('effective_at'))}`,
};

/** Balance at a moment, inclusive: whole days and minutes, and each line of the moment's minute. */
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
          SELECT asset, sum FROM shared_minute
           WHERE account = $1 AND by = $3 AND minute >= date_trunc('day', $2::timestamptz, 'UTC') AND minute < ${MINUTE}
          UNION ALL
          SELECT asset, amount FROM shared_unfolded WHERE account = $1 AND ${columnSql} < ${MINUTE}
          UNION ALL ${OF_MINUTE[by]}) AS parts
   GROUP BY asset ORDER BY asset`;
}

/** Unfolded entries of the chains, and the age of the oldest. */
export async function sharedLag(database: Pick<Database, 'query'>): Promise<SharedLag> {
  const [row] = await database.query<SharedLag>(
    `SELECT greatest(coalesce(sum(h.sequence - p.sequence), 0), 0)::float8 AS unfolded,
            floor(greatest(coalesce(extract(epoch FROM clock_timestamp() - min(first.recorded_at)) * 1000, 0), 0))::float8 AS "lagMs"
       FROM shared_position p JOIN chain_head h USING (shard)
       LEFT JOIN LATERAL (
         SELECT recorded_at FROM journal_entry e WHERE e.shard = p.shard AND e.sequence = p.sequence + 1 LIMIT 1) AS first ON true`,
  );
  return row ?? { unfolded: 0, lagMs: 0 };
}

const ENTRIES_AT_ONCE = 1_000;
const FOLD_LOCK = 7_315_004;

const LAG = new Gauge({
  name: 'ledger_shared_lag_seconds',
  help: 'age of the oldest sum of a shared account that is not folded yet',
});
const UNFOLDED = new Gauge({
  name: 'ledger_shared_unfolded',
  help: 'sums of shared accounts that are not folded yet',
});

/**
 * Adds up to 1,000 entries of each chain to their minutes and days; returns true if more remain. An
 * advisory lock admits one instance at a time.
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
  return folded === ENTRIES_AT_ONCE;
}

/** Returns the most entries of a chain; the positions and the sums change together. */
const FOLD = `
  WITH due AS MATERIALIZED (
    SELECT p.shard, p.sequence AS after, (
      SELECT max(sequence) FROM journal_entry e WHERE e.shard = p.shard AND e.sequence > p.sequence AND e.sequence <= p.sequence + ${ENTRIES_AT_ONCE}) AS until
      FROM shared_position p
  ), moved AS (
    UPDATE shared_position p SET sequence = due.until FROM due WHERE p.shard = due.shard AND due.until IS NOT NULL
  ), timed AS MATERIALIZED (
    SELECT l.account, t.by, date_trunc('minute', t.at, 'UTC') AS minute, l.asset, sum(l.amount)
      FROM due CROSS JOIN LATERAL shared_lines(due.shard, due.after, due.until) AS l,
           LATERAL (VALUES ('recorded', l.recorded_at), ('effective', l.effective_at)) AS t(by, at)
     GROUP BY 1, 2, 3, 4
  ), minutes AS (
    INSERT INTO shared_minute AS m (account, by, minute, asset, sum)
    SELECT account, by, minute, asset, sum FROM timed ON CONFLICT (account, by, minute, asset) DO UPDATE SET sum = m.sum + excluded.sum
  ), days AS (
    INSERT INTO shared_day AS d (account, by, day, asset, sum)
    SELECT account, by, (minute AT TIME ZONE 'UTC')::date, asset, sum(sum) FROM timed GROUP BY 1, 2, 3, 4
    ON CONFLICT (account, by, day, asset) DO UPDATE SET sum = d.sum + excluded.sum
  )
  SELECT coalesce(max(until - after), 0)::int AS n FROM due`;
