-- each-posting-is-in-the-chart: each posting names an account of the chart, and of a customer the one whose entry it is and that has this asset
-- by entries
SELECT p.entry_id, p.line, p.account, p.asset
  FROM posting p
  LEFT JOIN journal_entry e ON e.id = p.entry_id AND e.id >= $1 AND e.id < $2
  LEFT JOIN balance b ON p.account = 'customer:' || b.account_id AND p.asset = b.asset AND b.account_id = e.account_id
 WHERE p.entry_id >= $1 AND p.entry_id < $2 AND b.account_id IS NULL
   AND p.account !~ '^((clearing|venue-fee):[a-z][a-z0-9-]*|(hot-wallet|gas-tank|gas):[A-Z0-9_-]+|fee-income|funding|suspense)$'
