-- one-undecided-equal: Of equal payments, which the venue's records cannot distinguish, at most one has no outcome.
SELECT form, equality_key, count(*) FROM submission WHERE equality_key IS NOT NULL AND state IN ('sending', 'refusing', 'unknown', 'undecided') GROUP BY 1, 2 HAVING count(*) > 1
