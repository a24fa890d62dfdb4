-- S10 a hold is released only after a refusal, a failure or a cancellation that the venue vouches for
SELECT w.id, w.state
  FROM withdrawal w
 WHERE w.state IN ('releasing', 'cancelling', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT FROM withdrawal_event e WHERE e.withdrawal_id = w.id AND e.trigger IN ('refused', 'failed', 'cancelled'))
