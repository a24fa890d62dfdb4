-- hold-released-on-proof: a hold is released only after a refusal, a failure or a cancellation that the venue vouches for, or when it was called off before any venue had it
SELECT w.id, w.state
  FROM withdrawal w
 WHERE w.state IN ('releasing', 'cancelling', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT FROM withdrawal_event e WHERE e.withdrawal_id = w.id AND (e.trigger IN ('refused', 'failed', 'cancelled')
                          OR (e.trigger = 'withdrawn' AND w.cancel_requested_at IS NOT NULL)))
