-- nothing-taken-while-halted: No withdrawal was put on record while a halt in force covered it; each instance has three seconds to notice one.
SELECT w.id, w.requested_at, h.id AS halt
  FROM halt h JOIN withdrawal w ON w.requested_at > h.opened_at + interval '3 seconds' AND w.requested_at < coalesce(h.lifted_at, 'infinity')
 WHERE h.scope = 'all' OR (h.scope = 'account' AND h.target = w.account_id::text) OR (h.scope = 'key' AND h.target = w.key_id)
    OR (h.scope = 'asset' AND h.target = w.currency || '.' || w.network) OR (h.scope = 'venue' AND h.target = w.venue AND w.tried = '{}')
