-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM signed_nonce) AS nonces,
       (SELECT count(*)::int FROM signature) AS signatures,
       (SELECT count(*)::int FROM signed_total WHERE amount > 0) AS totals,
       (SELECT count(*)::int FROM closed_withdrawal) AS closed
