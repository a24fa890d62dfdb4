-- sent-as-asked: What was sent names the destination and the amount of the submission: exactly the amount, the fee on top, and our key.
-- An EVM address may be sent in the letters of the venue's address book.
SELECT s.withdrawal_id, a.number, a.request
  FROM submission s JOIN attempt a USING (withdrawal_id), LATERAL (SELECT a.request::jsonb AS body) r
 WHERE split_part(s.asset, '.', 1) IS DISTINCT FROM r.body ->> 'coin'
    OR (r.body ->> 'amount')::numeric IS DISTINCT FROM a.gross
    OR a.gross <> s.amount
    OR r.body ->> 'feeType' IS DISTINCT FROM '0'
    OR r.body ->> 'requestId' IS DISTINCT FROM s.client_reference
    OR (s.form = 'chain' AND (r.body ->> 'chain' IS DISTINCT FROM CASE split_part(s.asset, '.', 2) WHEN 'ARB' THEN 'ARBI' WHEN 'AVAX' THEN 'CAVAX'
                                                                    ELSE split_part(s.asset, '.', 2) END
                           OR r.body ->> 'forceChain' IS DISTINCT FROM '1'
                           OR r.body ->> 'tag' IS DISTINCT FROM s.destination ->> 'memo'
                           OR CASE WHEN s.destination ->> 'address' ~ '^0x[0-9a-fA-F]{40}$'
                                   THEN lower(r.body ->> 'address') IS DISTINCT FROM lower(s.destination ->> 'address')
                                   ELSE r.body ->> 'address' IS DISTINCT FROM s.destination ->> 'address' END))
    OR (s.form = 'uid' AND (r.body ->> 'forceChain' IS DISTINCT FROM '2'
                         OR r.body ->> 'address' IS DISTINCT FROM s.destination ->> 'value'))
