-- one-live-attempt: At most one attempt of a withdrawal may still be paid; none while it waits to be sent; the live one is the newest.
SELECT withdrawal_id, count(*) FROM attempt WHERE state IN ('sending', 'refusing', 'unknown', 'undecided', 'accepted') GROUP BY 1 HAVING count(*) > 1
UNION ALL
SELECT s.withdrawal_id, 0 FROM submission s JOIN attempt a USING (withdrawal_id)
 WHERE a.state IN ('sending', 'refusing', 'unknown', 'undecided', 'accepted') AND (s.state = 'prepared' OR a.number <> s.attempt)
