-- outbox-drains: Nothing waits unpublished for longer than half a minute.
SELECT id, created_at FROM outbox WHERE created_at < now() - interval '30 seconds'
