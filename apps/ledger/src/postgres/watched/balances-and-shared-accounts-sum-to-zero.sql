-- balances-and-shared-accounts-sum-to-zero: what customers have and what shared accounts have is nothing together, per asset
SELECT asset, sum(amount) AS off_by
  FROM (SELECT asset, posted AS amount FROM balance
        UNION ALL SELECT asset, sum FROM shared_day WHERE by = 'recorded'
        UNION ALL SELECT asset, amount FROM shared_unfolded) AS parts
 GROUP BY asset HAVING sum(amount) <> 0
