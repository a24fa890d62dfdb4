-- each-reversal-posts-the-opposite: a reversal posts the opposite of its entry, line by line, for the same account and withdrawal
-- by entries
SELECT r.id AS entry_id, r.reverses, coalesce(q.account, p.account) AS account, p.amount, q.amount AS taken_back
  FROM journal_entry r
  LEFT JOIN LATERAL (SELECT * FROM journal_entry WHERE id = r.reverses LIMIT 1) AS e ON true
  LEFT JOIN LATERAL (SELECT * FROM posting WHERE entry_id = e.id) AS p ON true
  LEFT JOIN LATERAL (SELECT * FROM posting WHERE entry_id = r.id AND line = p.line LIMIT 1) AS q ON true
 WHERE r.kind = 'reversal' AND r.id >= $1 AND r.id < $2
   AND (e.id IS NOT NULL OR r.reverses >= coalesce((SELECT bound FROM checkpoint ORDER BY until DESC LIMIT 1), '00000000-0000-0000-0000-000000000000'))
   AND ((q.account, q.asset, q.amount) IS DISTINCT FROM (p.account, p.asset, -p.amount)
        OR r.account_id IS DISTINCT FROM e.account_id OR r.withdrawal_id IS DISTINCT FROM e.withdrawal_id OR e.kind = 'reversal')
