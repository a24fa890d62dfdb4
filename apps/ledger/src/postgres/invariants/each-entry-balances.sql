-- each-entry-balances: each entry balances to zero per asset
-- by entries
SELECT entry_id, asset, sum(amount) AS off_by
  FROM posting WHERE entry_id >= $1 AND entry_id < $2 GROUP BY entry_id, asset HAVING sum(amount) <> 0
