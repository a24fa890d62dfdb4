-- S2 a hold that was not captured has no entry, and each entry of a withdrawal has its hold
SELECT e.id AS entry_id, e.kind, e.withdrawal_id, h.state
  FROM journal_entry e LEFT JOIN hold h USING (withdrawal_id)
 WHERE e.withdrawal_id IS NOT NULL AND h.state IS DISTINCT FROM 'captured'
