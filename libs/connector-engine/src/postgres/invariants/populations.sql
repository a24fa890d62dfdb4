-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM submission)                                                      AS submissions,
       (SELECT count(*)::int FROM submission WHERE venue_reference IS NOT NULL)                    AS with_venue_reference,
       (SELECT count(*)::int FROM submission WHERE equality_key IS NOT NULL)                           AS with_twin_key,
       (SELECT count(*)::int FROM submission WHERE state IN ('unknown', 'repeating', 'undecided')) AS in_doubt,
       (SELECT count(*)::int FROM submission WHERE state = 'settled')                              AS settled,
       (SELECT count(*)::int FROM submission WHERE state IN ('refused', 'failed'))                 AS refused_or_failed,
       (SELECT count(*)::int FROM attempt)                                                         AS attempts,
       (SELECT count(*)::int FROM submission_case)                                                 AS person_called,
       (SELECT count(*)::int FROM outbox)                                                          AS outbox
