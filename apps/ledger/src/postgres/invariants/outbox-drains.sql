-- outbox-drains: no event waits unpublished for more than 30 seconds
SELECT id, publisher, created_at FROM outbox WHERE created_at < now() - interval '30 seconds'
