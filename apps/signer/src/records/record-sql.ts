import type { NonceHead } from './nonce-memory.js';

export const NONCE_COLUMNS = `n.chain_id, n.address, n.nonce, n.kind, n.withdrawal_id, n.recipient, n.token, n.units::text AS units, n.gas_asset, n.number, n.seal`;

/** The newest known row of each address, and all rows after it. */
export const NEWER = `
  SELECT ${NONCE_COLUMNS}
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS k (chain_id, address, number)
    JOIN signed_nonce n ON n.chain_id = k.chain_id AND n.address = k.address AND n.number >= k.number
   ORDER BY n.chain_id, n.address, n.number`;

export const OF_WITHDRAWALS = `SELECT ${NONCE_COLUMNS} FROM signed_nonce n WHERE n.withdrawal_id = ANY ($1::uuid[])`;

export const PAGE = `
  SELECT ${NONCE_COLUMNS} FROM signed_nonce n
   WHERE (n.chain_id, n.address, n.number) > ($1::bigint, $2::text, $3::bigint)
   ORDER BY n.chain_id, n.address, n.number LIMIT $4`;

export const SEAL = `
  UPDATE signed_nonce n SET number = k.number, seal = k.seal
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS k (chain_id, address, nonce, number, seal)
   WHERE (n.chain_id, n.address, n.nonce) = (k.chain_id, k.address, k.nonce)`;

/** A closing commits at most a minute after its time. */
export const CLOSED_SINCE = `
  SELECT withdrawal_id, closed_at FROM closed_withdrawal WHERE closed_at > $1::timestamptz - interval '1 minute' ORDER BY closed_at`;

export const NOW = `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`;

/** Parameters of NEWER. */
export function headColumns(heads: readonly NonceHead[]): readonly unknown[] {
  return [
    heads.map(({ chain_id }) => chain_id),
    heads.map(({ address }) => address),
    heads.map(({ number }) => `${number}`),
  ];
}
