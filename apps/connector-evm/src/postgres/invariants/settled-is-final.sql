-- settled-is-final: What is settled was paid by a transfer that is final, and what has failed was not.
SELECT s.withdrawal_id, s.state, n.outcome FROM submission s LEFT JOIN nonce n USING (withdrawal_id)
 WHERE (s.state = 'settled' AND n.outcome IS DISTINCT FROM 'paid' AND n.outcome IS DISTINCT FROM 'disputed')
    OR (s.state = 'failed' AND s.reason IS DISTINCT FROM 'decided_absent' AND (n.outcome IS NULL OR n.outcome = 'paid'))
