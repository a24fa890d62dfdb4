-- history-is-whole: history has no gap and begins with step 1, and the last step is the row
SELECT w.id, w.sequence, w.state, w.steps -> -1 AS last
  FROM withdrawal w
 WHERE w.first_step ->> 0 <> '1'
    OR (coalesce(w.steps -> -1, w.first_step) ->> 0)::int IS DISTINCT FROM w.sequence OR coalesce(w.steps -> -1, w.first_step) ->> 2 IS DISTINCT FROM w.state
    OR EXISTS (SELECT FROM jsonb_array_elements(w.steps) WITH ORDINALITY AS s (step, place) WHERE (s.step ->> 0)::int IS DISTINCT FROM 1 + s.place)
