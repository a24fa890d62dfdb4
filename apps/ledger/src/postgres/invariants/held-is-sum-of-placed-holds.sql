-- held-is-sum-of-placed-holds: what is held is the sum of the placed holds
SELECT coalesce(b.account_id, h.account_id) AS account_id, coalesce(b.asset, h.asset) AS asset, b.held, h.sum AS placed
  FROM balance b
  FULL JOIN (SELECT account_id, asset, sum(amount) FROM hold WHERE state = 'placed' GROUP BY account_id, asset) AS h
    ON h.account_id = b.account_id AND h.asset = b.asset
 WHERE coalesce(b.held, 0) <> coalesce(h.sum, 0)
