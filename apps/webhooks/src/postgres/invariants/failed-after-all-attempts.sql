-- failed-after-all-attempts: what counts as failed was attempted seven times, unless its webhook is deleted or the row was forged
SELECT d.id, d.webhook_id, d.attempt_count FROM delivery d JOIN webhook w ON w.id = d.webhook_id
 WHERE d.status = 'failed' AND w.state <> 'deleted' AND d.attempt_count <> 7
   AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.error = 'forged_delivery')
