-- hold-released-on-proof: a hold is released only after a refusal, a failure or a cancellation that the venue vouches for, when its approval ended or was no longer wanted before any venue had a receipt, when it was called off before any venue had it, or when a limit refused the venue after the refusing one
SELECT w.id, w.state
  FROM withdrawal w
 WHERE w.state IN ('releasing', 'cancelling', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT FROM withdrawal_step e WHERE e.withdrawal_id = w.id AND (e.trigger IN ('refused', 'failed', 'cancelled', 'approval_ended')
                          OR (e.trigger = 'hold_released' AND e.from_state IN ('requested', 'awaiting_approval') AND w.cancel_requested_at IS NOT NULL)
                          OR (e.trigger = 'withdrawn' AND w.cancel_requested_at IS NOT NULL)
                          OR (e.trigger = 'assignment_refused' AND w.tried <> '{}')))
