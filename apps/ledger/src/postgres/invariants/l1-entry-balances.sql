-- L1 each entry balances to zero per asset
SELECT entry_id, asset, sum(amount) AS off_by
  FROM posting GROUP BY entry_id, asset HAVING sum(amount) <> 0
