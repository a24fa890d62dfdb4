-- attempt-once-in-log: an attempt that is under way has no outcome in the log
SELECT d.id, d.attempt_id FROM delivery d JOIN delivery_attempt a ON a.id = d.attempt_id
 UNION ALL
SELECT d.id, d.attempt_id FROM delivery d WHERE d.attempt_id = d.answered_attempt
