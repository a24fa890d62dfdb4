-- whole-book-balances: the whole book balances to zero per asset
-- by sums
SELECT asset, sum(sum) AS off_by FROM unnest($1::text[], $2::text[], $3::numeric[]) AS p(account, asset, sum) GROUP BY asset HAVING sum(sum) <> 0
