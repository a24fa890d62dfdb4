-- each-captured-hold-has-its-entry: each captured hold has its entry, unless that was proven and is gone with its partition
-- by holds
SELECT h.withdrawal_id, h.entry_id
  FROM hold h
 WHERE h.state = 'captured' AND h.withdrawal_id >= $1 AND h.withdrawal_id < $2
   AND h.entry_id >= coalesce((SELECT bound FROM checkpoint ORDER BY until DESC LIMIT 1), '00000000-0000-0000-0000-000000000000')
   AND (SELECT e.id FROM journal_entry e WHERE e.id = h.entry_id AND e.kind = 'capture') IS NULL
