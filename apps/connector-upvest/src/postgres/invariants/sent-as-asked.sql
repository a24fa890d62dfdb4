-- sent-as-asked: What was sent names the reference account and exactly the amount of the submission, and carries its reference.
SELECT s.withdrawal_id, a.number, a.request
  FROM submission s JOIN attempt a USING (withdrawal_id), LATERAL (SELECT a.request::jsonb AS body) r
 WHERE split_part(s.asset, '.', 1) IS DISTINCT FROM r.body ->> 'currency'
    OR (r.body ->> 'amount')::numeric <> a.gross
    OR a.gross <> s.amount
    OR r.body ->> 'user_id' IS DISTINCT FROM s.destination ->> 'user_id'
    OR r.body ->> 'account_group_id' IS DISTINCT FROM s.destination ->> 'account_group_id'
    OR r.body ->> 'reference_account_id' IS DISTINCT FROM s.destination ->> 'reference_account_id'
    OR r.body ->> 'purpose_code' IS DISTINCT FROM s.destination ->> 'purpose_code'
    OR (r.body ->> 'remittance_information') || ' ' NOT LIKE s.client_reference || ' %'
    OR r.body ->> 'remittance_information' IS NULL
