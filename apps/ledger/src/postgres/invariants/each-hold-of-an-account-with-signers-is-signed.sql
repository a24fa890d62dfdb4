-- each-hold-of-an-account-with-signers-is-signed: from an account's first signer on, each hold of it has the request that its customer signed
SELECT h.withdrawal_id, h.account_id, h.decided_at, s.since
  FROM (SELECT account_id, min(at) AS since FROM account_signer GROUP BY account_id) AS s
  JOIN hold h USING (account_id)
 WHERE h.state <> 'refused' AND h.decided_at > s.since + interval '1 second'
   AND NOT EXISTS (SELECT FROM signed_order o WHERE o.withdrawal_id = h.withdrawal_id AND o.account_id = h.account_id)
