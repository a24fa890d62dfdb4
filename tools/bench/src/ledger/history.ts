import { openClient } from '../machine/open-client.js';
import { FIRST_VENUE } from '@sluice/stack';

const MONTHS = 3;
/** Lock of the key `ab`, of no secret of the ledger. */
const ANY_LOCK = `repeat('0', 16) || left(encode(sha256('\\xab'), 'hex'), 32)`;

/**
 * Writes years of history at once: the given number of ended holds, each with a capture in the
 * journal, over the last months. Whole partitions are written without indexes and attached
 * afterwards. The hash chains do not cover the entries, and the ledger did not make the locks of the
 * holds: the book of a benchmark cannot be proven.
 */
export async function writeHistory(
  adminUrl: string,
  rows: number,
  say: (line: string) => void,
): Promise<void> {
  const client = await openClient(adminUrl);
  const timed = async (
    what: string,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<void> => {
    const since = performance.now();
    await client.query(sql, [...params]);
    say(`  ${what}: ${((performance.now() - since) / 1000).toFixed(0)} s`);
  };
  await client.query(
    `SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; SET synchronous_commit = off; SET jit = off`,
  );
  await client.query(
    'CREATE TEMP TABLE pick AS SELECT row_number() OVER () - 1 AS turn, account_id, asset FROM balance',
  );
  await client.query('ANALYZE pick');
  const [accounts] = (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM pick'))
    .rows;
  const each = Math.ceil(rows / MONTHS);
  for (let month = MONTHS; month > 0; month -= 1) {
    await client.query(PARTS(month));
    await timed(`${each} holds and entries of ${month} months ago`, WRITE(month), [
      each,
      accounts?.n,
    ]);
    for (const [what, sql] of ATTACH(month)) await timed(what, sql);
  }
  await timed('days of the shared accounts', DAYS);
  await timed('statistics', 'VACUUM (ANALYZE) hold, journal_entry');
  await client.query('CHECKPOINT');
  await client.end();
}

const startOf = (month: number): string =>
  `date_trunc('month', now() AT TIME ZONE 'UTC') - interval '${month} months'`;

function PARTS(month: number): string {
  return `
    CREATE TABLE journal_entry_fill${month} (LIKE journal_entry INCLUDING CONSTRAINTS);`;
}

/** Ids grow with time, like real ids. */
function WRITE(month: number): string {
  return `
  WITH made AS MATERIALIZED (
    SELECT at, uuidv7(at - clock_timestamp()) AS withdrawal_id, uuidv7(at + interval '1 second' - clock_timestamp()) AS entry_id, account_id, asset
      FROM generate_series(1, $1::int) AS n
      JOIN pick ON pick.turn = (n::bigint * 7919) % $2::int,
           LATERAL (SELECT (${startOf(month)}) AT TIME ZONE 'UTC' + n * (interval '28 days' / $1::int) AS at) AS t
     ORDER BY n
  ), held AS (
    INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, closed_at, captured, fee, venue, entry_id, policy_version, payout, end_lock, end_key)
    SELECT withdrawal_id, account_id, asset, 1.5, 'captured', at, at, 1, 0.5, '${FIRST_VENUE}', entry_id, 0, 1, ${ANY_LOCK}, 'ab' FROM made
  ), shared AS (
    INSERT INTO shared_minute (account, by, minute, asset, sum)
    SELECT account, by, date_trunc('minute', at, 'UTC'), asset, sum(amount)
      FROM made, (VALUES ('clearing:${FIRST_VENUE}', 1), ('fee-income', 0.5)) AS lines(account, amount), (VALUES ('recorded'), ('effective')) AS t(by) GROUP BY 1, 2, 3, 4
  )
  INSERT INTO journal_entry_fill${month} (id, kind, account_id, withdrawal_id, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
  SELECT entry_id, 'capture', account_id, withdrawal_id, at, ARRAY['customer:' || account_id, 'clearing:${FIRST_VENUE}', 'fee-income'],
         ARRAY[asset, asset, asset], '{-1.5,1,0.5}', -1, row_number() OVER (), 'none', '' FROM made`;
}

const DAYS = `
  INSERT INTO shared_day (account, by, day, asset, sum)
  SELECT account, by, (minute AT TIME ZONE 'UTC')::date, asset, sum(sum)
    FROM shared_minute WHERE minute < (${startOf(0)}) AT TIME ZONE 'UTC' GROUP BY 1, 2, 3, 4`;

function ATTACH(month: number): readonly (readonly [what: string, sql: string])[] {
  const bounds = [month, month - 1].map((from) => `partition_bound('uuid', ${startOf(from)})`);
  const attach = (table: string): string => `DO $$ BEGIN EXECUTE format(
    'ALTER TABLE ${table} ATTACH PARTITION ${table}_fill${month} FOR VALUES FROM (%L) TO (%L)', ${bounds.join(', ')}); END $$`;
  return [
    ['  indexes of the entries', `ALTER TABLE journal_entry_fill${month} ADD PRIMARY KEY (id)`],
    ['  by account', `CREATE INDEX ON journal_entry_fill${month} (account_id, recorded_at, id)`],
    [
      '  by withdrawal',
      `CREATE UNIQUE INDEX ON journal_entry_fill${month} (withdrawal_id, kind, reverses, reference) NULLS NOT DISTINCT WHERE withdrawal_id IS NOT NULL`,
    ],
    ['  by chain', `CREATE UNIQUE INDEX ON journal_entry_fill${month} (shard, sequence)`],
    ['  attached', attach('journal_entry')],
  ];
}
