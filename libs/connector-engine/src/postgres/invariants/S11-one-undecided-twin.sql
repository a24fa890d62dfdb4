-- S11-one-undecided-twin Of payments that the venue's records cannot tell apart, at most one is without an outcome.
SELECT form, twin_key, count(*) FROM submission WHERE twin_key IS NOT NULL AND state IN ('sending', 'refusing', 'unknown', 'undecided') GROUP BY 1, 2 HAVING count(*) > 1
