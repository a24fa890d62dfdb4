import { openClient } from '../machine/open-client.js';
import { SIMULATED_NAMES } from '@sluice/stack';

/** Venues of the history, by their share: the most used venue first. */
export const [MOSTLY, , SOMETIMES = MOSTLY, RARELY = MOSTLY] = SIMULATED_NAMES;
const SELDOM = SIMULATED_NAMES[1] ?? MOSTLY;

/**
 * Number of withdrawals per withdrawal of the rare venue, per failed withdrawal, and per open
 * withdrawal.
 */
const [RARE_VENUE, FAILED, OPEN] = [100_000, 5_000, 20_000] as const;

export interface Filled {
  /** Public numbers in the middle of the history, and near the beginning. */
  readonly middle: string;
  readonly deep: string;
  /** A client reference and a moment near the beginning of the history. */
  readonly reference: string;
  readonly moment: string;
}

/**
 * Writes a year of an account's withdrawals at once, as left by the service.
 */
export async function fill(
  adminUrl: string,
  { accountId, keyId, rows }: { accountId: string; keyId: string; rows: number },
): Promise<Filled> {
  const client = await openClient(adminUrl);
  await client.query(`SET synchronous_commit = off; SET work_mem = '256MB'; SET jit = off`);
  await client.query(WRITE, [rows, accountId, keyId]);
  await client.query(
    'UPDATE recovery SET scanned_to = n, scan_next_to = n FROM (SELECT max(number) AS n FROM withdrawal) AS last',
  );
  await client.query(
    `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE state NOT IN ('rejected', 'completed', 'failed', 'cancelled')`,
  );
  await client.query(
    `INSERT INTO ended_withdrawal (account_id, currency, network, venue, state, number, requested_at)
     SELECT account_id, currency, network, venue, state, number, requested_at FROM withdrawal WHERE state IN ('completed', 'failed', 'cancelled')`,
  );
  await client.query('VACUUM (ANALYZE) withdrawal, ended_withdrawal, open_withdrawal');
  await client.query('CHECKPOINT');
  const at = async (share: number) =>
    (
      await client.query<{ number: string; reference: string; moment: Date }>(
        'SELECT number::text, client_reference AS reference, requested_at AS moment FROM withdrawal WHERE client_reference IS NOT NULL ORDER BY withdrawal.number OFFSET $1 LIMIT 1',
        [Math.floor(rows * share)],
      )
    ).rows[0];
  const [middle, deep] = [await at(0.5), await at(0.05)];
  await client.end();
  if (!middle || !deep) throw new Error('nothing was filled');
  return {
    middle: middle.number,
    deep: deep.number,
    reference: deep.reference,
    moment: deep.moment.toISOString(),
  };
}

const WRITE = `
  INSERT INTO withdrawal (id, number, account_id, key_id, client_reference, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, venue_reference, tx_hash, requested_at, broadcast_at, confirmed_at, updated_at)
  SELECT uuidv7(at - clock_timestamp()), (extract(epoch FROM at - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + n % 2048, $2::uuid, $3::text, 'order-' || n,
         CASE n % 5 WHEN 0 THEN 'BTC' WHEN 1 THEN 'ETH' ELSE 'USDT' END, CASE n % 5 WHEN 0 THEN 'BTC' WHEN 1 THEN 'ETH' WHEN 2 THEN 'ETH' ELSE 'TRX' END, 6,
         jsonb_build_object('type', 'address', 'address', '0x' || md5(n::text) || 'abcdabcd'), 5 + n % 1000, 1,
         CASE WHEN n % ${RARE_VENUE} = 7 THEN '${RARELY}' WHEN n % 7 = 0 THEN '${SOMETIMES}' WHEN n % 11 = 0 THEN '${SELDOM}' ELSE '${MOSTLY}' END, false, 'd', 's', 'v' || n, decode(md5(n::text), 'hex'), true, '[]',
         CASE WHEN n % ${OPEN} = 3 THEN 'submitted' WHEN n % ${FAILED} = 9 THEN 'failed' WHEN n % ${RARE_VENUE} = 11 THEN 'cancelled' WHEN n % 50 = 13 THEN 'rejected' ELSE 'completed' END,
         6, 'v' || n, '0x' || md5('tx' || n), at, at, at, at
    FROM generate_series(1, $1::int) AS n,
         LATERAL (SELECT date_trunc('milliseconds', clock_timestamp()) - ($1::int - n) * (interval '300 days' / $1::int) AS at) AS t`;
