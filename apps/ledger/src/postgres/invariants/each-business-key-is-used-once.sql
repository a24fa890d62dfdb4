-- each-business-key-is-used-once: a withdrawal is captured once, a payment returns once, a reference funds, transfers or records a later venue fee once, lines of an entry are reversed once: each is the one that its hold or key names
-- by entries
SELECT e.id AS entry_id, e.kind, named.entry_id AS named
  FROM journal_entry e
  LEFT JOIN posting p ON p.entry_id = e.id AND p.entry_id >= $1 AND p.entry_id < $2 AND p.line = 1
  LEFT JOIN LATERAL (
    SELECT h.entry_id, NULL::numeric AS amount FROM hold h WHERE e.kind = 'capture' AND h.withdrawal_id = e.withdrawal_id
    UNION ALL
    SELECT k.entry_id, k.amount FROM entry_key k
     WHERE k.kind = e.kind AND k.subject = CASE e.kind WHEN 'venue_fee' THEN e.withdrawal_id WHEN 'return' THEN e.withdrawal_id WHEN 'reversal' THEN e.reverses ELSE e.account_id END
       AND k.reference = CASE WHEN e.reference IS NULL THEN '' ELSE e.reference END
     LIMIT 1) AS named ON true
 WHERE e.id >= $1 AND e.id < $2 AND (named.entry_id IS DISTINCT FROM e.id OR (named.amount IS NOT NULL AND named.amount IS DISTINCT FROM p.amount))
