-- allowed-transitions: every step of a withdrawal is one that the state machine has
WITH allowed (from_state, to_state) AS (VALUES
  (NULL, 'requested'),
  ('requested', 'submitting'), ('requested', 'rejected'), ('requested', 'awaiting_approval'), ('requested', 'failed'), ('requested', 'cancelled'),
  ('awaiting_approval', 'submitting'), ('awaiting_approval', 'failed'), ('awaiting_approval', 'cancelled'),
  ('submitting', 'submitting'), ('submitting', 'submitted'), ('submitting', 'releasing'), ('submitting', 'cancelling'), ('submitting', 'failed'), ('submitting', 'uncertain'), ('submitting', 'undecided'),
  ('uncertain', 'submitted'), ('uncertain', 'releasing'), ('uncertain', 'cancelling'), ('uncertain', 'undecided'),
  ('undecided', 'submitted'), ('undecided', 'releasing'), ('undecided', 'cancelling'),
  ('submitted', 'broadcast'), ('submitted', 'capturing'), ('submitted', 'releasing'), ('submitted', 'cancelling'),
  ('broadcast', 'capturing'), ('broadcast', 'releasing'), ('broadcast', 'cancelling'),
  ('capturing', 'completed'), ('completed', 'returning'), ('returning', 'returned'), ('releasing', 'failed'), ('cancelling', 'cancelled'))
SELECT e.withdrawal_id, e.sequence, e.from_state, e.to_state
  FROM withdrawal_step e
 WHERE NOT EXISTS (SELECT FROM allowed a WHERE a.from_state IS NOT DISTINCT FROM e.from_state AND a.to_state = e.to_state)
