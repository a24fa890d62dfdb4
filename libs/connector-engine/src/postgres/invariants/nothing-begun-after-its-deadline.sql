-- nothing-begun-after-its-deadline: No attempt was begun after the deadline of its withdrawal, and what was given up for its deadline has nothing under way.
SELECT s.withdrawal_id, s.not_after, a.intended_at, a.state FROM submission s JOIN attempt a USING (withdrawal_id) WHERE a.intended_at > s.not_after
UNION ALL
SELECT s.withdrawal_id, s.not_after, a.intended_at, a.state FROM submission s JOIN attempt a USING (withdrawal_id)
 WHERE s.reason = 'expired' AND a.state NOT IN ('not_sent', 'absent')
