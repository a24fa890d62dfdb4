-- settled-is-final: What is settled was paid by a transfer that is final, and what has failed was not.
SELECT s.withdrawal_id, s.state, n.outcome FROM submission s LEFT JOIN nonce n USING (withdrawal_id)
 WHERE (s.state = 'settled' AND n.outcome IS DISTINCT FROM 'paid' AND n.outcome IS DISTINCT FROM 'disputed'
        -- a person may decide that a transaction found on the chain alone is the payment
        AND NOT EXISTS (SELECT FROM forgotten_transaction f WHERE f.network || ':' || f.address || ':' || f.nonce = s.venue_reference AND f.asset = s.asset AND n.withdrawal_id IS NULL))
    OR (s.state = 'failed' AND s.reason IS DISTINCT FROM 'decided_absent' AND (n.outcome IS NULL OR n.outcome = 'paid'))
