import { Client } from 'pg';

const AT_ONCE = 500_000;

/**
 * Years of use at once: as many ended holds, each with its capture in the journal. Written past the triggers, which have nothing to say about
 * sound rows; the chains do not know these entries, so the book of a bench is not for proving.
 */
export async function writeHistory(adminUrl: string, rows: number, say: (line: string) => void): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  client.on('error', () => undefined); // the server is stopped under it when a run fails; the query under way says so
  await client.connect();
  await client.query('SET session_replication_role = replica');
  await client.query('CREATE TEMP TABLE pick AS SELECT row_number() OVER () - 1 AS at, account_id, asset FROM balance');
  await client.query('ANALYZE pick');
  const [accounts] = (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM pick')).rows;
  for (let done = 0; done < rows; done += AT_ONCE) {
    await client.query(HISTORY, [Math.min(AT_ONCE, rows - done), accounts?.n]);
    say(`  ${(Math.min(done + AT_ONCE, rows) / 1e6).toFixed(1)} million holds and entries`);
  }
  await client.query('VACUUM ANALYZE');
  await client.end();
}

const HISTORY = `
  WITH made AS MATERIALIZED (
    SELECT uuidv7(interval '-90 days') AS withdrawal_id, uuidv7(interval '-90 days') AS entry_id, account_id, asset
      FROM generate_series(1, $1::int) AS n JOIN pick ON pick.at = n % $2::int
  ), held AS (
    INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, closed_at, captured, fee, venue, entry_id)
    SELECT withdrawal_id, account_id, asset, 1.5, 'captured', now() - interval '90 days', now() - interval '90 days', 1, 0.5, 'gateio', entry_id FROM made
  ), entered AS (
    INSERT INTO journal_entry (id, kind, account_id, withdrawal_id, recorded_at)
    SELECT entry_id, 'capture', account_id, withdrawal_id, now() - interval '90 days' FROM made
  )
  INSERT INTO posting (entry_id, line, account, asset, amount)
  SELECT entry_id, line, CASE line WHEN 1 THEN 'customer:' || account_id WHEN 2 THEN 'clearing:gateio' ELSE 'fee-income' END, asset,
         CASE line WHEN 1 THEN -1.5 WHEN 2 THEN 1 ELSE 0.5 END
    FROM made, generate_series(1, 3) AS line`;
