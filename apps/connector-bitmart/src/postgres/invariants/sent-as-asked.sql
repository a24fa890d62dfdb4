-- sent-as-asked: What was sent names the destination and the amount of the submission: on a chain the amount and the fee that was added, between accounts exactly the amount.
SELECT s.withdrawal_id, a.number, a.request
  FROM submission s JOIN attempt a USING (withdrawal_id), LATERAL (SELECT a.request::jsonb AS body) r
 WHERE split_part(s.asset, '.', 1) <> split_part(r.body ->> 'currency', '-', 1)
    OR (r.body ->> 'amount')::numeric <> a.gross
    OR a.gross <> s.amount + (a.evidence ->> 'fee_added')::numeric
    OR (s.form = 'chain' AND (r.body ->> 'address' IS DISTINCT FROM s.destination ->> 'address'
                           OR r.body ->> 'address_memo' IS DISTINCT FROM s.destination ->> 'memo'))
    OR (s.form <> 'chain' AND (r.body ? 'address'
                           OR (a.evidence ->> 'fee_added')::numeric <> 0
                           OR r.body ->> 'value' IS DISTINCT FROM s.destination ->> 'value'
                           OR r.body ->> 'areaCode' IS DISTINCT FROM coalesce(s.destination ->> 'area_code', '')
                           OR r.body ->> 'type' IS DISTINCT FROM (CASE s.destination ->> 'kind' WHEN 'cid' THEN '1' WHEN 'email' THEN '2' WHEN 'phone' THEN '3' END)))
