-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM withdrawal)                                               AS withdrawals,
       (SELECT count(*)::int FROM withdrawal WHERE state = 'completed')                     AS completed,
       (SELECT count(*)::int FROM withdrawal WHERE state IN ('failed', 'cancelled'))        AS failed_or_cancelled,
       (SELECT count(*)::int FROM withdrawal WHERE state = 'rejected')                      AS rejected,
       (SELECT count(*)::int FROM withdrawal WHERE client_reference IS NOT NULL)            AS with_reference,
       (SELECT coalesce(sum(1 + jsonb_array_length(steps)), 0)::int FROM withdrawal)        AS steps,
       (SELECT count(*)::int FROM withdrawal_case)                                          AS cases,
       (SELECT count(*)::int FROM api_key)                                                  AS key_generations,
       (SELECT count(*)::int FROM currency) + (SELECT count(*)::int FROM currency_terms)    AS terms,
       (SELECT count(*)::int FROM outbox)                                                   AS outbox
