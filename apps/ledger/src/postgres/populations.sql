-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM account)                             AS accounts,
       (SELECT count(*)::int FROM balance)                             AS balances,
       (SELECT count(*)::int FROM hold WHERE expires_at IS NOT NULL)   AS holds_expirable,
       (SELECT count(*)::int FROM account_freeze)                      AS freezes,
       (SELECT count(*)::int FROM account_signer)                      AS signers,
       (SELECT count(*)::int FROM signed_order)                        AS signed_orders,
       (SELECT count(*)::int FROM outbox)                              AS outbox
