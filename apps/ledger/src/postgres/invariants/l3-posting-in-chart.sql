-- L3 each posting names an account of the chart, and of a customer one that has this asset
SELECT p.entry_id, p.line, p.account, p.asset
  FROM posting p LEFT JOIN balance b ON p.account = 'customer:' || b.account_id AND p.asset = b.asset
 WHERE b.account_id IS NULL
   AND p.account !~ '^((clearing|venue-fee):[a-z][a-z0-9-]+|fee-income|funding|suspense)$'
