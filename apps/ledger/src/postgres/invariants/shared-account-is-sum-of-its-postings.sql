-- shared-account-is-sum-of-its-postings: the folded days of a shared account and what is not folded yet are the sum of its postings
-- by sums
SELECT coalesce(s.account, p.account) AS account, coalesce(s.asset, p.asset) AS asset, s.sum AS folded, p.sum AS postings
  FROM (SELECT account, asset, sum(amount) AS sum
          FROM (SELECT account, asset, sum AS amount FROM shared_day WHERE by = 'recorded'
                UNION ALL SELECT account, asset, amount FROM shared_unfolded) AS parts GROUP BY account, asset) AS s
  FULL JOIN (SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[]) AS p(account, asset, sum) WHERE account NOT LIKE 'customer:%') AS p
    ON p.account = s.account AND p.asset = s.asset
 WHERE coalesce(s.sum, 0) <> coalesce(p.sum, 0)
