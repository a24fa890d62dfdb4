-- posted-is-sum-of-postings: what is posted is the sum of the postings
-- by sums
SELECT coalesce('customer:' || b.account_id, p.account) AS account, coalesce(b.asset, p.asset) AS asset, b.posted, p.sum AS postings
  FROM balance b
  FULL JOIN (SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[]) AS p(account, asset, sum) WHERE account LIKE 'customer:%') AS p
    ON p.account = 'customer:' || b.account_id AND p.asset = b.asset
 WHERE coalesce(b.posted, 0) <> coalesce(p.sum, 0)
