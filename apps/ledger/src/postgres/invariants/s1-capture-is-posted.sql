-- S1 each captured hold has exactly one capture entry of its amount and fee, and no capture entry lacks its hold
WITH expected AS (
  SELECT withdrawal_id, entry_id, 'customer:' || account_id AS account, asset, -(captured + fee) AS amount FROM hold WHERE state = 'captured'
  UNION ALL SELECT withdrawal_id, entry_id, CASE venue WHEN 'hot-wallet' THEN 'hot-wallet:' || split_part(asset, '.', 2) ELSE 'clearing:' || venue END, asset, captured FROM hold WHERE state = 'captured'
  UNION ALL SELECT withdrawal_id, entry_id, 'fee-income', asset, fee FROM hold WHERE state = 'captured' AND fee <> 0
), posted AS (
  SELECT e.withdrawal_id, e.id, p.account, p.asset, p.amount
    FROM journal_entry e JOIN posting p ON p.entry_id = e.id WHERE e.kind = 'capture'
)
SELECT 'not posted' AS fault, * FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM posted) AS missing
UNION ALL
SELECT 'not of its hold', * FROM (SELECT * FROM posted EXCEPT ALL SELECT * FROM expected) AS surplus
