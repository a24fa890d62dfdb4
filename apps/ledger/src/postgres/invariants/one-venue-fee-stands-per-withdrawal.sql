-- one-venue-fee-stands-per-withdrawal: at most one venue fee of a withdrawal stands, also beside the fee of its capture; the others were reversed
-- by entries
SELECT e.id AS entry_id, e.withdrawal_id, other.entry_id AS stands_too
  FROM journal_entry e
  JOIN LATERAL (
    SELECT k.entry_id, '' AS lines FROM entry_key k
     WHERE k.kind = 'venue_fee' AND k.subject = e.withdrawal_id AND k.entry_id <> e.id AND e.reference IS NOT NULL
    UNION ALL
    SELECT h.entry_id, 'venue_fee' FROM hold h WHERE h.withdrawal_id = e.withdrawal_id AND h.venue_fee IS NOT NULL) AS other ON true
 WHERE e.kind = 'venue_fee' AND e.id >= $1 AND e.id < $2
   AND NOT EXISTS (SELECT FROM entry_key r WHERE r.kind = 'reversal' AND (r.subject, r.reference) IN ((e.id, ''), (other.entry_id, other.lines)))
