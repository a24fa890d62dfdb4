-- nothing-overdue: Every unfinished submission has a next action that is not overdue. One in the queue is late only if its form's queue does not move.
-- What waits for a person (disputed) has a case instead.
SELECT s.withdrawal_id, s.state, s.next_action_at FROM submission s
 WHERE s.state IN ('sending', 'refusing', 'repeating', 'unknown', 'undecided', 'accepted') AND (s.next_action_at IS NULL OR s.next_action_at < now() - interval '5 minutes')
UNION ALL
SELECT s.withdrawal_id, s.state, s.next_action_at FROM submission s
 WHERE s.state = 'prepared'
   AND (s.next_action_at IS NULL
     OR (s.next_action_at < now() - interval '5 minutes'
         AND NOT EXISTS (SELECT FROM attempt a JOIN submission t USING (withdrawal_id) WHERE t.form = s.form AND a.intended_at > now() - interval '5 minutes')
         AND NOT EXISTS (SELECT FROM rate_slot r WHERE r.next_free_at > now())))
UNION ALL
SELECT s.withdrawal_id, s.state, s.next_action_at FROM submission s
 WHERE s.state = 'disputed' AND NOT EXISTS (SELECT FROM submission_case c WHERE c.withdrawal_id = s.withdrawal_id AND c.kind IN ('not_as_asked', 'cannot_tell', 'failed_with_transaction'))
