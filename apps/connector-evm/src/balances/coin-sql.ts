/** Lock per network: a single count at a time across all instances. */
export const LOCK_COUNT = `SELECT pg_advisory_xact_lock(hashtextextended('wallet coins ' || $1, 0))`;

/**
 * The newest final block with all decisions stored: by the transaction with this number, or
 * earlier.
 */
export const FINAL_BLOCK = `SELECT final_number::text AS block FROM chain_follower WHERE network = $1`;

export const COUNTED = `SELECT address, asset, units::text, arrivals, nonces::text FROM wallet_coin WHERE network = $1`;

/** True if the chain has used a nonce ($2: address, nonces) without a stored outcome. */
export const IS_UNDECIDED = `
  SELECT EXISTS (
    SELECT FROM nonce n JOIN json_to_recordset($2::json) AS c(address text, nonces bigint) USING (address)
     WHERE n.network = $1 AND n.state IN ('leased','released') AND n.nonce < c.nonces) AS undecided`;

/**
 * Units moved by our own transactions since the last count of each address, up to $2 (address,
 * nonces). Outflows are positive and include gas in the coin $3; received top-ups are negative.
 * Counted by nonce, therefore a reorganisation counts no transaction twice.
 */
export const MOVED = `
  WITH c AS (SELECT * FROM json_to_recordset($2::json) AS c(address text, nonces bigint)),
  ours AS (
    SELECT n.address, n.nonce, n.asset, n.amount, n.recipient, n.purpose, n.outcome
      FROM c JOIN nonce n ON n.network = $1 AND n.address = c.address AND n.nonce < c.nonces),
  counted AS (SELECT address, asset, nonces FROM wallet_coin WHERE network = $1),
  moved AS (
    SELECT o.address, o.asset, o.amount AS units
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = o.asset
     WHERE o.outcome = 'paid' AND o.nonce >= coalesce(k.nonces, 0)
    UNION ALL
    SELECT o.address, $3, coalesce(t.gas_used * t.effective_gas_price, 0)
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = $3
      JOIN transaction t ON t.network = $1 AND t.address = o.address AND t.nonce = o.nonce AND t.final_at IS NOT NULL
     WHERE o.nonce >= coalesce(k.nonces, 0)
    UNION ALL
    SELECT o.recipient, o.asset, -o.amount
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = o.asset
     WHERE o.purpose = 'top_up' AND o.outcome = 'paid' AND o.nonce >= coalesce(k.nonces, 0))
  SELECT address, asset, sum(units)::text AS units FROM moved GROUP BY address, asset`;

export const KEEP_COUNTED = `
  INSERT INTO wallet_coin AS w (network, address, asset, units, arrivals, nonces)
  SELECT $1, c.address, c.asset, c.units, c.arrivals, c.nonces
    FROM json_to_recordset($2::json) AS c(address text, asset text, units numeric, arrivals integer, nonces bigint) ORDER BY c.address, c.asset
  ON CONFLICT (network, address, asset) DO UPDATE SET units = EXCLUDED.units, arrivals = EXCLUDED.arrivals, nonces = EXCLUDED.nonces, counted_at = clock_timestamp()`;
