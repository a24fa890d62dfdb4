/**
 * Newest block with a final transaction of ours. A node without this block returns an older
 * balance.
 */
export const NEWEST_FINAL = `
  SELECT max(mined_in)::text AS block FROM nonce WHERE network = $1 AND state = 'final' AND taken_back_at IS NULL`;

/**
 * In wei, per span. `gone`: gas of transactions final within the span; the most that was signed where
 * no node shows the gas. `under_way`: gas of
 * transactions final after the span, plus the maximum gas of open nonces.
 */
export const GAS_BESIDES = `
  WITH span AS (
    SELECT * FROM json_to_recordset($1::json) AS s(currency text, network text, since timestamptz, until timestamptz))
  SELECT s.currency,
         coalesce(sum(g.gas) FILTER (WHERE g.final_at <= s.until), 0)::text AS gone,
         (coalesce(sum(g.gas) FILTER (WHERE g.final_at > s.until), 0)
          + coalesce((SELECT sum(n.gas_reserve) FROM nonce n WHERE n.network = s.network AND n.state IN ('leased','released')), 0))::text AS under_way
    FROM span s
    LEFT JOIN LATERAL (
      SELECT coalesce(t.gas_used * t.effective_gas_price, t.gas_limit * t.max_fee) AS gas, t.final_at FROM transaction t WHERE t.network = s.network AND t.final_at > s.since) g ON true
   GROUP BY s.currency, s.network`;
