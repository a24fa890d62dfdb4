-- sent-as-asked: What was sent names the destination and the amount of the submission: gross = amount + fee on a chain, exactly the amount by UID.
SELECT s.withdrawal_id, a.number, a.request
  FROM submission s JOIN attempt a USING (withdrawal_id), LATERAL (SELECT a.request::jsonb AS body) r
 WHERE split_part(s.asset, '.', 1) <> r.body ->> 'currency'
    OR (r.body ->> 'amount')::numeric <> a.gross
    OR a.gross <> s.amount + (a.evidence ->> 'fee')::numeric
    OR (s.form = 'chain' AND (r.body ->> 'address' IS DISTINCT FROM s.destination ->> 'address'
                           OR r.body ->> 'memo' IS DISTINCT FROM s.destination ->> 'memo'
                           OR r.body ->> 'withdraw_order_id' IS DISTINCT FROM s.client_reference))
    OR (s.form = 'push' AND r.body ->> 'receive_uid' IS DISTINCT FROM s.destination ->> 'value')
