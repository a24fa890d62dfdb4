-- negative-balance-is-marked: an account with a negative balance is marked for the comparison
SELECT a.account_id, a.asset, a.balance FROM audited_account a
 WHERE a.balance < 0 AND NOT EXISTS (SELECT FROM short_account s WHERE s.account_id = a.account_id AND s.asset = a.asset)
