-- each-capture-entry-matches-its-hold: each capture entry is that of its captured hold, of its amount and fees
-- by entries
WITH captured AS (
  SELECT e.id, e.withdrawal_id, h.*
    FROM journal_entry e
    LEFT JOIN LATERAL (SELECT account_id, asset, captured, fee, venue_fee, venue,
                               CASE venue WHEN 'wallet' THEN 'hot-wallet:' || split_part(asset, '.', 2) ELSE 'clearing:' || venue END AS clearing FROM hold
                        WHERE withdrawal_id = e.withdrawal_id AND entry_id = e.id AND state = 'captured' LIMIT 1) AS h ON true
   WHERE e.kind = 'capture' AND e.id >= $1 AND e.id < $2
), expected AS (
  SELECT id, 'customer:' || account_id AS account, asset, -(captured + fee) AS amount FROM captured WHERE asset IS NOT NULL
  UNION ALL SELECT id, clearing, asset, captured FROM captured WHERE asset IS NOT NULL
  UNION ALL SELECT id, 'fee-income', asset, fee FROM captured WHERE fee <> 0
  UNION ALL SELECT id, clearing, asset, venue_fee FROM captured WHERE venue_fee IS NOT NULL
  UNION ALL SELECT id, 'venue-fee:' || venue, asset, -venue_fee FROM captured WHERE venue_fee IS NOT NULL
), posted AS (
  SELECT c.id, p.account, p.asset, p.amount FROM captured c JOIN posting p ON p.entry_id = c.id AND p.entry_id >= $1 AND p.entry_id < $2
)
SELECT 'not posted' AS fault, * FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM posted) AS missing
UNION ALL
SELECT 'not of its hold', * FROM (SELECT * FROM posted EXCEPT ALL SELECT * FROM expected) AS surplus
