-- final-state-is-final: nothing follows a final state
SELECT withdrawal_id, sequence, from_state FROM withdrawal_event WHERE from_state IN ('rejected', 'completed', 'failed', 'cancelled')
