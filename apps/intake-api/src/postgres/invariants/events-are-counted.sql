-- events-are-counted: a withdrawal has published one event for each step that has one, a broadcast once, and a continued withdrawal also those of before
SELECT w.id, w.published, p.events
  FROM withdrawal w, LATERAL (
       SELECT count(DISTINCT CASE WHEN s.step ->> 2 IN ('broadcast', 'capturing') THEN 0 ELSE s.place END) AS events
         FROM jsonb_array_elements(w.steps) WITH ORDINALITY AS s (step, place)
        WHERE s.step ->> 2 IN ('awaiting_approval', 'submitting', 'broadcast', 'capturing', 'completed', 'returned', 'failed', 'cancelled')) AS p
 WHERE w.published < p.events OR (w.published > p.events AND w.first_step ->> 1 <> 'continued')
