-- held-is-open-holds: the held amount of an account is the sum of its open holds
SELECT account_id, asset, a.held, h.held AS open_holds
  FROM audited_account a
  FULL JOIN (SELECT account_id, asset, sum(amount) AS held FROM audited_withdrawal WHERE state = 'placed' GROUP BY account_id, asset) h USING (account_id, asset)
 WHERE coalesce(a.held, 0) <> coalesce(h.held, 0)
