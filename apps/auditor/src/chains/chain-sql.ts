/** Progress at a chain, and the begin of a first reading: the oldest fact of the last day. */
export const CHAIN_PROGRESS = `
  SELECT w.block_number::text, w.block_hash, w.sent, coalesce(w.coins_block = w.block_number, false) AS are_coins_known, clock_timestamp() AS now,
         greatest(least(p.started_at, p.oldest_fact_at), clock_timestamp() - interval '1 day') - interval '10 minutes' AS since
    FROM audit_progress p LEFT JOIN wallet_reading w ON w.network = $1`;

/**
 * Returns a row if the progress was still at the block `$5`, or if there was none. Otherwise another
 * instance has read these blocks. `$6`: block whose coins were read, or null.
 */
export const CHAIN_READ = `
  INSERT INTO wallet_reading AS w (network, block_number, block_hash, sent, coins_block) VALUES ($1, $2, $3, $4::json, $6)
  ON CONFLICT (network) DO UPDATE
    SET block_number = EXCLUDED.block_number, block_hash = EXCLUDED.block_hash, sent = EXCLUDED.sent,
        coins_block = coalesce(EXCLUDED.coins_block, w.coins_block)
  WHERE w.block_number = $5::bigint
  RETURNING network`;

export const STORED_COINS = `
  SELECT address, asset, opening::text, opening_block::text, total::text, block_number::text, block_at,
         sent::text, received::text, gas::text, risen::text, counted_to::text
    FROM wallet_coins WHERE network = $1`;

export const KEEP_COINS = `
  INSERT INTO wallet_coins (network, address, asset, opening, opening_block, total, block_number, block_at, sent, received, gas, risen, counted_to)
  SELECT $1, address, asset, opening, opening_block, total, block_number, block_at, sent, received, gas, risen, counted_to
    FROM json_to_recordset($2::json) AS r(address text, asset text, opening numeric, opening_block bigint, total numeric, block_number bigint,
      block_at timestamptz, sent numeric, received numeric, gas numeric, risen numeric, counted_to bigint)
   ORDER BY address, asset
  ON CONFLICT (network, address, asset) DO UPDATE
    SET opening = EXCLUDED.opening, opening_block = EXCLUDED.opening_block, total = EXCLUDED.total, block_number = EXCLUDED.block_number,
        block_at = EXCLUDED.block_at, sent = EXCLUDED.sent, received = EXCLUDED.received, gas = EXCLUDED.gas, risen = EXCLUDED.risen,
        counted_to = EXCLUDED.counted_to`;

export const KEEP_GAS = `
  INSERT INTO wallet_gas AS g (network, address, hour, spent, transactions)
  SELECT $1, address, hour, sum(spent), count(*) FROM json_to_recordset($2::json) AS r(address text, hour timestamptz, spent numeric)
   GROUP BY address, hour ORDER BY address, hour
  ON CONFLICT (network, hour, address) DO UPDATE
    SET spent = g.spent + EXCLUDED.spent, transactions = g.transactions + EXCLUDED.transactions`;

export const GAS_OF_HOURS = `
  SELECT hour, sum(spent)::text AS spent, json_object_agg(address, spent::text ORDER BY address) AS by_address
    FROM wallet_gas WHERE network = $1 AND hour = ANY ($2::timestamptz[]) GROUP BY hour ORDER BY hour`;

/** `$1`: the venue; `$2`: the findings. */
export const OPEN_CHAIN_FINDINGS = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT kind, 'venue', $1, subject, evidence, fact_at
    FROM json_to_recordset($2::json) AS r(kind text, subject text, evidence json, fact_at timestamptz) ORDER BY kind, subject
  ON CONFLICT DO NOTHING`;
