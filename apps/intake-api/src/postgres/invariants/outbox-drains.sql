-- outbox-drains: no message waits in the outbox for more than 30 seconds
SELECT id, created_at FROM outbox WHERE created_at < clock_timestamp() - interval '30 seconds'
