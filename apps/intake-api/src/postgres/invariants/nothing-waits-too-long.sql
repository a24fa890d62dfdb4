-- nothing-waits-too-long: nothing waits on our own services for longer than its state may last (libs/withdrawal-core/src/state-limits.ts)
SELECT w.id, w.state, w.updated_at FROM withdrawal w
 WHERE (w.state = 'requested' AND w.updated_at < clock_timestamp() - interval '5 minutes')
    OR (w.state = 'capturing' AND w.updated_at < clock_timestamp() - interval '5 minutes')
    OR (w.state = 'releasing' AND w.updated_at < clock_timestamp() - interval '5 minutes')
    OR (w.state = 'cancelling' AND w.updated_at < clock_timestamp() - interval '5 minutes')
    OR (w.state = 'returning' AND w.updated_at < clock_timestamp() - interval '5 minutes')
