import type { Database } from '@sluice/postgres';
import { Gauge } from 'prom-client';
import { sharedLag } from './shared-balances.js';

const AT_ONCE = 20_000;
const FOLD_LOCK = 7_315_004;

/** SQL condition: a sum of a shared account is not folded. */
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
 * Adds up to 20,000 rows of `shared_sum` to their days in `shared_day`. Returns true if more rows
 * remain. An advisory lock admits a single instance at a time. Rows not yet committed are found the
 * next time. Without unfolded rows, no transaction begins.
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
