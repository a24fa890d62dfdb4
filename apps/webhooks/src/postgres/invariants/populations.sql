-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM webhook) AS webhooks,
       (SELECT count(*)::int FROM delivery) AS deliveries,
       (SELECT count(*)::int FROM delivery_attempt) + (SELECT count(answered_attempt)::int FROM delivery) AS attempts
