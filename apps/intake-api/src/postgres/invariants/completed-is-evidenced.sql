-- completed-is-evidenced: a completed withdrawal names the venue's own reference and was accepted, settled and captured in that order
SELECT w.id, w.venue_reference
  FROM withdrawal w
 WHERE w.state IN ('completed', 'returning', 'returned')
   AND (w.venue_reference IS NULL OR w.confirmed_at IS NULL
        OR (SELECT array_agg(s.step ->> 1 ORDER BY s.place) FROM jsonb_array_elements(w.steps) WITH ORDINALITY AS s (step, place)
             WHERE s.step ->> 1 IN ('accepted', 'settled', 'hold_captured')) IS DISTINCT FROM '{accepted,settled,hold_captured}')
