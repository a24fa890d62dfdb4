import type { Database } from '@sluice/postgres';
import type { Numbered } from './merged-page.js';

/**
 * Final gas top-up of our own wallet. The amount is decimal text, in units of the network's coin.
 */
export interface TopUp extends Numbered {
  readonly network: string;
  readonly txHash: string;
  readonly currency: string;
  readonly decimals: number;
  readonly amount: string;
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly blockNumber: string;
  /** Time of the block. */
  readonly at: Date;
}

interface TopUpFilter {
  readonly accountId: string;
  /** Includes top-ups of shared wallets. */
  readonly ofAll: boolean;
  readonly currency?: string | undefined;
  readonly network?: string | undefined;
  readonly below?: string | undefined;
}

/** Returns the newest matching top-ups, at most `count`. */
export function findTopUps(
  database: Pick<Database, 'query'>,
  { accountId, ofAll, currency, network, below }: TopUpFilter,
  count: number,
): Promise<TopUp[]> {
  const filters = [currency ?? null, network ?? null, below ?? null];
  return database.query<TopUp>(FIND, [accountId, ofAll, ...filters, count]);
}

const NEWEST = `
  AND ($3::text IS NULL OR currency = $3) AND ($4::text IS NULL OR network = $4) AND ($5::bigint IS NULL OR number < $5)
  ORDER BY number DESC LIMIT $6`;

// Each part uses the index by account and reads only the account's rows.
const FIND = `
  WITH found AS (
    (SELECT * FROM gas_top_up WHERE account_id = $1::uuid ${NEWEST}) UNION ALL
    (SELECT * FROM gas_top_up WHERE account_id IS NULL AND $2::bool ${NEWEST}))
  SELECT number::text, f.network, tx_hash AS "txHash", f.currency, coalesce(c.decimals, 18) AS decimals, amount::text,
         from_address AS "fromAddress", to_address AS "toAddress", block_number::text AS "blockNumber", at
    FROM found f LEFT JOIN currency c ON (c.currency, c.network) = (f.currency, f.network) ORDER BY f.number DESC LIMIT $6`;
