-- only-captured-holds-have-entries: a hold that was not captured has no entry, and each entry of a withdrawal has its hold
-- by entries
SELECT e.id AS entry_id, e.kind, e.withdrawal_id, h.state
  FROM journal_entry e LEFT JOIN LATERAL (SELECT state FROM hold WHERE withdrawal_id = e.withdrawal_id LIMIT 1) AS h ON true
 WHERE e.withdrawal_id IS NOT NULL AND e.id >= $1 AND e.id < $2 AND h.state IS DISTINCT FROM 'captured'
