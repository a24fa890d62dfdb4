-- only-what-was-subscribed: a webhook is told of what it subscribes or once subscribed, of tests, and of a webhook created by operators
SELECT d.id, d.webhook_id, d.event FROM delivery d JOIN webhook w ON w.id = d.webhook_id
 WHERE d.event NOT IN ('webhook.test', 'webhook.created') AND NOT d.event = ANY (w.events || w.formerly)
