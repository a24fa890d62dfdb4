-- final-state-is-final: nothing follows a final state, and only a return follows a completed payment
SELECT withdrawal_id, sequence, from_state FROM withdrawal_step WHERE from_state IN ('rejected', 'returned', 'failed', 'cancelled') OR (from_state = 'completed' AND to_state <> 'returning')
