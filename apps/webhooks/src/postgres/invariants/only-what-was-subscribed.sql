-- only-what-was-subscribed: a webhook is told of what it subscribes or once subscribed, and of tests
SELECT d.id, d.webhook_id, d.event FROM delivery d JOIN webhook w ON w.id = d.webhook_id
 WHERE d.event <> 'webhook.test' AND NOT d.event = ANY (w.events || w.formerly)
