import { openClient } from '../machine/open-client.js';
import type { Client } from 'pg';

const [BATCH, SECONDS, WARM_UP_BATCHES] = [2_000, 10, 5];
/** Size of a compressed message in an outbox row. */
const PACKED_BYTES = 70;

/**
 * Best rate of this database, in holds per second, without Kafka and Node. A plain statement per
 * batch generates and writes the rows of a hold (inbox, balance, hold, share of an outbox row).
 * Each batch is committed, and the outbox is emptied again.
 */
export async function ceilingHolds(adminUrl: string): Promise<number> {
  const client = await openClient(adminUrl);
  // triggers refuse holds that count as older than locks
  await client.query('SET session_replication_role = replica');
  await client.query(
    'CREATE TEMP TABLE pick AS SELECT row_number() OVER () AS n, account_id FROM balance',
  );
  await client.query('CREATE INDEX ON pick (n)');
  await client.query('ANALYZE pick');
  for (let n = 0; n < WARM_UP_BATCHES; n += 1) await batch(client);
  const since = performance.now();
  let holds = 0;
  for (; performance.now() - since < SECONDS * 1000; holds += BATCH) await batch(client);
  const perSecond = (holds * 1000) / (performance.now() - since);
  await client.end();
  return perSecond;
}

async function batch(client: Client): Promise<void> {
  await client.query(HOLDS);
  await client.query('DELETE FROM outbox');
}

const HOLDS = `
  WITH drawn AS MATERIALIZED (
    SELECT uuidv7() AS withdrawal_id, 1 + floor(random() * (SELECT count(*) FROM pick))::int AS n FROM generate_series(1, ${BATCH})
  ), want AS MATERIALIZED (
    SELECT withdrawal_id, account_id FROM drawn JOIN pick USING (n)
  ), locked AS MATERIALIZED (
    SELECT account_id, asset FROM balance WHERE account_id IN (SELECT account_id FROM want) ORDER BY account_id FOR UPDATE
  ), claimed AS (
    INSERT INTO inbox (consumer, message_id) SELECT 'ceiling', withdrawal_id::text FROM want
  ), moved AS (
    UPDATE balance b SET held = b.held + k.amount
      FROM (SELECT account_id, count(*) * 1.5 AS amount FROM want JOIN locked USING (account_id) GROUP BY account_id) AS k
     WHERE b.account_id = k.account_id
  ), held AS (
    INSERT INTO hold (withdrawal_id, account_id, asset, amount, decided_at, state, policy_version, payout, end_lock)
    SELECT withdrawal_id, account_id, 'USDT.ETH', 1.5, now(), 'placed', 0, 1, repeat('5a', 24) FROM want
  )
  INSERT INTO outbox (keys, messages)
  SELECT array_agg(withdrawal_id::text), decode(repeat('5a', ${BATCH * PACKED_BYTES}), 'hex') FROM want`;
