-- Number of rows checked by each invariant: an invariant without rows proves nothing.
SELECT (SELECT count(*)::int FROM example) AS examples
