-- S16 nothing waits for more than five minutes on our own services
SELECT id, state, updated_at FROM withdrawal
 WHERE state IN ('requested', 'capturing', 'releasing', 'cancelling') AND updated_at < clock_timestamp() - interval '5 minutes'
