/**
 * Accounts whose open holds exceed the balance, of accounts with a known opening. Only the open
 * holds and the accounts with a negative balance are read.
 */
export const SHORT_ACCOUNTS = `
  SELECT t.account_id, t.asset, coalesce(a.balance, 0) AS balance, sum(t.held) AS held
    FROM (SELECT account_id, asset, sum(amount) AS held FROM audited_hold WHERE state = 'placed' GROUP BY account_id, asset
           UNION ALL
          SELECT account_id, asset, 0 FROM short_account) t
    JOIN audited_opening o ON o.account_id = t.account_id
    LEFT JOIN audited_account a ON a.account_id = t.account_id AND a.asset = t.asset
   GROUP BY t.account_id, t.asset, a.balance HAVING coalesce(a.balance, 0) < sum(t.held)`;

/** True while a fact waits for a comparison whose outcome may change. */
export const WAITS = `(
  EXISTS (SELECT FROM changed_groups)
  OR EXISTS (SELECT FROM venue_payment WHERE withdrawal_id IS NULL AND flagged_at IS NULL AND status <> 'failed')
  OR EXISTS (${SHORT_ACCOUNTS})
  OR EXISTS (SELECT FROM venue_balance_reading)
  OR EXISTS (SELECT FROM audited_hold WHERE state = 'released' AND release_judged_at IS NULL)
  OR EXISTS (SELECT FROM finding WHERE is_condition AND closed_at IS NULL))`;
