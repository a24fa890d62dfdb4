-- each-wallet-funding-is-between-its-accounts: what came to our own wallet debits a wallet of its network, credits what came in from outside, and is nobody's but the firm's
-- by entries
SELECT e.id AS entry_id, e.account_id, p.account AS from_account, q.account AS to_account, p.asset, p.amount
  FROM journal_entry e
  LEFT JOIN LATERAL (SELECT * FROM posting WHERE entry_id = e.id AND line = 1 LIMIT 1) AS p ON true
  LEFT JOIN LATERAL (SELECT * FROM posting WHERE entry_id = e.id AND line = 2 LIMIT 1) AS q ON true
 WHERE e.kind = 'wallet_funding' AND e.id >= $1 AND e.id < $2
   AND (e.account_id <> '00000000-0000-0000-0000-000000000000' OR p.amount IS NULL OR p.amount <= 0 OR q.account IS NULL OR p.account <> 'funding'
        OR q.account NOT IN ('hot-wallet:' || split_part(p.asset, '.', 2), 'gas-tank:' || split_part(p.asset, '.', 2))
        OR EXISTS (SELECT FROM posting more WHERE more.entry_id = e.id AND more.line > 2))
