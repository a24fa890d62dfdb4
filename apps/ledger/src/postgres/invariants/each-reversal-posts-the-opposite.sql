-- each-reversal-posts-the-opposite: a reversal posts the opposite of the lines that it names, line by line and no others, for the same account and withdrawal
-- by entries
SELECT r.id AS entry_id, r.reverses, r.reference AS lines, coalesce(q.account, p.account) AS account, p.amount, q.amount AS taken_back
  FROM journal_entry r
  LEFT JOIN LATERAL (SELECT * FROM journal_entry WHERE id = r.reverses LIMIT 1) AS e ON true
  LEFT JOIN LATERAL (SELECT min(line) - 1 AS line FROM posting WHERE entry_id = e.id AND e.kind = 'capture' AND account LIKE 'venue-fee:%') AS fee ON true
  LEFT JOIN LATERAL (SELECT *, count(*) OVER () AS lines FROM posting
                      WHERE entry_id = e.id AND (r.reference IS NULL) = (fee.line IS NULL OR line < fee.line)) AS p ON true
  LEFT JOIN LATERAL (SELECT * FROM posting
                      WHERE entry_id = r.id AND line = p.line - CASE WHEN r.reference IS NULL THEN 0 ELSE fee.line - 1 END LIMIT 1) AS q ON true
 WHERE r.kind = 'reversal' AND r.id >= $1 AND r.id < $2
   AND (e.id IS NOT NULL OR r.reverses >= coalesce((SELECT bound FROM checkpoint ORDER BY until DESC LIMIT 1), '00000000-0000-0000-0000-000000000000'))
   AND (p.lines IS DISTINCT FROM (SELECT count(*) FROM posting WHERE entry_id = r.id)
        OR (q.account, q.asset, q.amount) IS DISTINCT FROM (p.account, p.asset, -p.amount)
        OR r.account_id IS DISTINCT FROM e.account_id OR r.withdrawal_id IS DISTINCT FROM e.withdrawal_id OR e.kind = 'reversal')
