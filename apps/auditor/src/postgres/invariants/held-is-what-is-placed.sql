-- held-is-what-is-placed: the held amount of an account is the sum of the account's open holds
SELECT a.account_id, a.asset, a.held, coalesce(sum(h.amount), 0) AS placed
  FROM audited_account a
  LEFT JOIN audited_hold h ON h.account_id = a.account_id AND h.asset = a.asset AND h.state = 'placed'
 GROUP BY a.account_id, a.asset, a.held
HAVING a.held <> coalesce(sum(h.amount), 0)
