-- totals-count-all: the sum of an hour is no less than what was given away in it
SELECT t.asset, t.amount, g.cost
  FROM signed_total t
  JOIN LATERAL (
    SELECT sum(most.cost) AS cost
      FROM (SELECT max(s.gas_cost) AS cost
              FROM signed_nonce n JOIN signature s USING (chain_id, address, nonce)
             WHERE n.gas_asset = t.asset AND n.given_at >= t.hour AND s.signed_at < t.hour + interval '1 hour'
             GROUP BY n.chain_id, n.address, n.nonce) most) g ON true
 WHERE t.spending = 'gas' AND t.amount < g.cost
