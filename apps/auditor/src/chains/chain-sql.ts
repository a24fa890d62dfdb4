/** Progress at a chain, and the begin of a first reading: the oldest fact of the last day. */
export const CHAIN_PROGRESS = `
  SELECT w.block_number::text, w.block_hash, w.sent, clock_timestamp() AS now,
         greatest(least(p.started_at, p.oldest_fact_at), clock_timestamp() - interval '1 day') - interval '10 minutes' AS since
    FROM audit_progress p LEFT JOIN wallet_reading w ON w.network = $1`;

/** Another instance may have read further. */
export const CHAIN_READ = `
  INSERT INTO wallet_reading AS w (network, block_number, block_hash, sent) VALUES ($1, $2, $3, $4::json)
  ON CONFLICT (network) DO UPDATE
    SET block_number = EXCLUDED.block_number, block_hash = EXCLUDED.block_hash, sent = EXCLUDED.sent
  WHERE w.block_number < EXCLUDED.block_number`;
