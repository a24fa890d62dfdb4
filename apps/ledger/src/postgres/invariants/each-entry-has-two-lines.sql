-- each-entry-has-two-lines: no entry has fewer than two lines or an empty one
-- by entries
SELECT e.id AS entry_id, e.kind, count(p.line) AS lines
  FROM journal_entry e LEFT JOIN posting p ON p.entry_id = e.id AND p.entry_id >= $1 AND p.entry_id < $2
 WHERE e.id >= $1 AND e.id < $2
 GROUP BY e.id, e.kind HAVING count(p.line) < 2 OR bool_or(p.amount = 0)
