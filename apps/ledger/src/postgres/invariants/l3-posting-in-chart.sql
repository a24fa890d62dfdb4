-- L3 each posting names an account of the chart, and of a customer the one whose entry it is and that has this asset
SELECT p.entry_id, p.line, p.account, p.asset
  FROM posting p
  LEFT JOIN journal_entry e ON e.id = p.entry_id
  LEFT JOIN balance b ON p.account = 'customer:' || b.account_id AND p.asset = b.asset AND b.account_id = e.account_id
 WHERE b.account_id IS NULL
   AND p.account !~ '^((clearing|venue-fee):[a-z][a-z0-9-]*|hot-wallet:[A-Z0-9_-]+|fee-income|funding|suspense)$'
