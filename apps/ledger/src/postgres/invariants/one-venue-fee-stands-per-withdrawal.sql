-- one-venue-fee-stands-per-withdrawal: at most one venue fee of a withdrawal stands; the others were reversed
-- by entries
SELECT e.id AS entry_id, e.withdrawal_id, other.entry_id AS stands_too
  FROM journal_entry e
  JOIN entry_key other ON other.kind = 'venue_fee' AND other.subject = e.withdrawal_id AND other.entry_id <> e.id
 WHERE e.kind = 'venue_fee' AND e.reference IS NOT NULL AND e.id >= $1 AND e.id < $2
   AND NOT EXISTS (SELECT FROM entry_key r WHERE r.kind = 'reversal' AND r.subject IN (e.id, other.entry_id))
