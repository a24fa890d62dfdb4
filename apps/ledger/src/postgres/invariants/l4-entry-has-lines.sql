-- L4 no entry has fewer than two lines or an empty one
SELECT e.id AS entry_id, e.kind, count(p.line) AS lines
  FROM journal_entry e LEFT JOIN posting p ON p.entry_id = e.id
 GROUP BY e.id HAVING count(p.line) < 2 OR bool_or(p.amount = 0)
