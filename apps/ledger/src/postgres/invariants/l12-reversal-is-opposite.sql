-- L12 a reversal posts the opposite of its entry, line by line, for the same account and withdrawal
SELECT r.id AS entry_id, r.reverses, coalesce(q.account, p.account) AS account, p.amount, q.amount AS taken_back
  FROM journal_entry r
  LEFT JOIN journal_entry e ON e.id = r.reverses
  LEFT JOIN LATERAL (SELECT * FROM posting WHERE entry_id = e.id) AS p ON true
  LEFT JOIN posting q ON q.entry_id = r.id AND q.line = p.line
 WHERE r.kind = 'reversal'
   AND ((q.account, q.asset, q.amount) IS DISTINCT FROM (p.account, p.asset, -p.amount)
        OR r.account_id IS DISTINCT FROM e.account_id OR r.withdrawal_id IS DISTINCT FROM e.withdrawal_id OR e.kind = 'reversal')
