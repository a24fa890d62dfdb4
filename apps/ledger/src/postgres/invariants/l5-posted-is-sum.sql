-- L5 what is posted is the sum of the postings
SELECT coalesce('customer:' || b.account_id, p.account) AS account, coalesce(b.asset, p.asset) AS asset, b.posted, p.sum AS postings
  FROM balance b
  FULL JOIN (SELECT account, asset, sum(amount) FROM posting WHERE account LIKE 'customer:%' GROUP BY account, asset) AS p
    ON p.account = 'customer:' || b.account_id AND p.asset = b.asset
 WHERE coalesce(b.posted, 0) <> coalesce(p.sum, 0)
