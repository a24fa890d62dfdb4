-- failed-after-all-attempts: what counts as failed was attempted seven times, unless its webhook is deleted
SELECT d.id, d.webhook_id, d.attempt_count FROM delivery d JOIN webhook w ON w.id = d.webhook_id
 WHERE d.status = 'failed' AND w.state <> 'deleted' AND d.attempt_count <> 7
