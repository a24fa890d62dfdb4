import type { Database } from '@sluice/postgres';
import type { State } from '@sluice/withdrawal-core';

/** Terms of USDT.TRX in the admin API's format. */
export const USDT_TRX = {
  currency: 'USDT',
  network: 'TRX',
  name: 'Tether USD',
  contract_address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  decimals: 6,
  active: true,
  open_to_all: false,
  min_withdrawal_amount: '2',
  withdrawal_fee_flat: '3',
  withdrawal_fee_percent: '0',
  unit_worth_eur: null,
};

/**
 * Versions of the terms of USDT.TRX from 1 on, differing in the flat fee; `inMs`: time until
 * effective.
 */
export async function givenFlatFees(
  database: Database,
  ...fees: readonly { readonly flat: string; readonly inMs: number }[]
): Promise<void> {
  await database.query(
    `INSERT INTO currency_terms (currency, network, version, effective_at, requested_by, approved_by,
       name, contract_address, decimals, active, open_to_all, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
     SELECT currency, network, f.version, now() + f.in_ms * interval '1 millisecond', 'ada', 'peter',
            name, contract_address, decimals, true, false, min_withdrawal_amount, f.flat, 0
       FROM currency, unnest($1::numeric[], $2::int[]) WITH ORDINALITY AS f (flat, in_ms, version) WHERE currency = 'USDT' AND network = 'TRX'`,
    [fees.map(({ flat }) => flat), fees.map(({ inMs }) => inMs)],
  );
}

export interface Sown {
  readonly accountId: string;
  readonly state: State;
  readonly currency: string;
  readonly network: string;
  readonly venue: string;
  readonly keyId: string;
  readonly reference?: string | undefined;
  /** True: the reference belongs to the account. False: the reference belongs to the key. */
  readonly shared?: boolean;
  /** Age of the withdrawal in milliseconds (default 0). */
  readonly agoMs?: number;
}

/** Inserts withdrawals in this order, bypassing the saga; returns the public numbers. */
export async function sow(database: Database, rows: readonly Sown[]): Promise<number[]> {
  const made = await database.query<{ number: string }>(SOW, [JSON.stringify(rows)]);
  await database.query(LIST_ENDED);
  return made.map(({ number }) => Number(number));
}

/** Lists inserted withdrawals that have ended; the saga lists its own. */
export const LIST_ENDED = `
  INSERT INTO ended_withdrawal (account_id, currency, network, venue, state, number, requested_at)
  SELECT account_id, currency, network, venue, state, number, requested_at FROM withdrawal
   WHERE state IN ('completed', 'returned', 'failed', 'cancelled') ON CONFLICT DO NOTHING`;

const SOW = `
  WITH made AS MATERIALIZED (
    SELECT r.*, at, ((extract(epoch FROM at - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint + place) * 2048 + nextval('withdrawal_number') % 2048 AS number
      FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS ("accountId" uuid, state text, currency text, network text, venue text, "keyId" text, reference text, shared boolean, "agoMs" bigint))
             WITH ORDINALITY AS r ("accountId", state, currency, network, venue, "keyId", reference, shared, "agoMs", place),
           LATERAL (SELECT date_trunc('milliseconds', clock_timestamp()) - coalesce(r."agoMs", 0) * interval '1 millisecond' AS at) AS t
  ), sown AS (
    INSERT INTO withdrawal (id, number, account_id, key_id, client_reference, shares_reference, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
    SELECT uuidv7(), number, "accountId", "keyId", reference, coalesce(shared, false), currency, network, 6, '{"type":"address","address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}', 5, 1, venue, false, 'd', 's', 'v', '', false, '[]', state, 2, at, at
      FROM made)
  SELECT number::text FROM made ORDER BY place`;
