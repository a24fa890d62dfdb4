/** The newest block with something final of ours: a node that does not have it shows an older balance. */
export const NEWEST_FINAL = `
  SELECT max(mined_in)::text AS block FROM nonce WHERE network = $1 AND state = 'final' AND taken_back_at IS NULL`;

/** In wei, for each span: the gas of what became final in it, and the most that what became final since, and what is open, may have cost. */
export const GAS_BESIDES = `
  WITH span AS (
    SELECT * FROM json_to_recordset($1::json) AS s(currency text, network text, since timestamptz, until timestamptz))
  SELECT s.currency,
         coalesce(sum(g.gas) FILTER (WHERE g.final_at <= s.until), 0)::text AS gone,
         (coalesce(sum(g.gas) FILTER (WHERE g.final_at > s.until), 0)
          + coalesce((SELECT sum(n.gas_reserve) FROM nonce n WHERE n.network = s.network AND n.state IN ('leased','released')), 0))::text AS under_way
    FROM span s
    LEFT JOIN LATERAL (
      SELECT t.gas_used * t.effective_gas_price AS gas, t.final_at FROM transaction t WHERE t.network = s.network AND t.final_at > s.since) g ON true
   GROUP BY s.currency, s.network`;
