-- Number of rows checked by each invariant: an invariant without rows proves nothing.
SELECT (SELECT count(*)::int FROM session) AS sessions,
       (SELECT count(*)::int FROM session WHERE ended_at IS NOT NULL) AS ended
