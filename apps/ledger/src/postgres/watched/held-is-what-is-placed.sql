-- held-is-what-is-placed: what each account holds is what its placed holds hold, per asset, and no balance holds more than it has
SELECT account_id, asset, sum(held) AS held, sum(placed) AS placed
  FROM (SELECT account_id, asset, held, 0::numeric AS placed FROM balance WHERE held <> 0
        UNION ALL SELECT account_id, asset, 0, amount FROM hold WHERE state = 'placed') AS parts
 GROUP BY account_id, asset HAVING sum(held) <> sum(placed)
UNION ALL
SELECT account_id, asset, held, posted FROM balance WHERE held < 0 OR posted < held
