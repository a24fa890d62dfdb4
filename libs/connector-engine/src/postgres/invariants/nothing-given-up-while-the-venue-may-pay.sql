-- nothing-given-up-while-the-venue-may-pay: Published as refused or failed (so that the hold is released) while one of its attempts may still be paid.
SELECT s.withdrawal_id, s.state, a.number, a.state AS attempt_state
  FROM submission s JOIN attempt a USING (withdrawal_id)
 WHERE (s.state = 'refused' AND a.state IN ('sending', 'refusing', 'unknown', 'undecided', 'accepted'))
    OR (s.state = 'failed' AND a.state IN ('sending', 'refusing', 'unknown', 'undecided', 'accepted'))
