-- held-is-what-is-placed: all that is held is all that placed holds hold, per asset, and no balance holds more than it has
SELECT asset, sum(held) AS held, sum(placed) AS placed
  FROM (SELECT asset, held, 0::numeric AS placed FROM balance
        UNION ALL SELECT asset, 0, amount FROM hold WHERE state = 'placed') AS parts
 GROUP BY asset HAVING sum(held) <> sum(placed)
UNION ALL
SELECT asset, held, posted FROM balance WHERE held < 0 OR posted < held
