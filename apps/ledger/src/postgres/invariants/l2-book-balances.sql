-- L2 the whole book balances to zero per asset
SELECT asset, sum(amount) AS off_by FROM posting GROUP BY asset HAVING sum(amount) <> 0
