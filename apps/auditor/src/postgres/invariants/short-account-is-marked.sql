-- short-account-is-marked: an account with more held than its balance is marked for the comparison
SELECT a.account_id, a.asset, a.balance, a.held FROM audited_account a
 WHERE a.balance < a.held AND NOT EXISTS (SELECT FROM short_account s WHERE s.account_id = a.account_id AND s.asset = a.asset)
