-- nothing-begun-while-halted: No attempt was begun while a halt in force covered it; what a transaction of its own time began within two seconds of the halt is let pass, and an attempt whose claim did not see the halt, and what was put on record again while the halt was in force, because the database may have lost that it was lifted. An attempt that is later than its own outcome is let pass: the clock was set back meanwhile.
SELECT a.withdrawal_id, a.number, a.intended_at, h.id AS halt
  FROM halt h JOIN attempt a ON a.intended_at > h.opened_at + interval '2 seconds' AND coalesce(a.halt_seen >= h.id, true) AND a.intended_at < coalesce(h.lifted_at, 'infinity')
  JOIN submission s ON s.withdrawal_id = a.withdrawal_id
 WHERE (h.scope IN ('venue', 'all') OR (h.scope = 'asset' AND h.target = s.asset) OR (h.scope = 'account' AND h.target = s.account_id::text) OR (h.scope = 'key' AND h.target = s.key_id))
   AND (a.put_back_at IS NULL OR a.put_back_at NOT BETWEEN h.opened_at AND coalesce(h.lifted_at, 'infinity'))
   AND NOT coalesce(least(s.listed_at, s.finished_at) < a.intended_at, false)
