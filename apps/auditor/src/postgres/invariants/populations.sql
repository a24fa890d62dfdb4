-- Number of rows checked by each invariant: an invariant without rows proves nothing.
SELECT (SELECT count(*)::int FROM audited_account) AS accounts,
       (SELECT count(*)::int FROM audited_withdrawal WHERE entry_id IS NOT NULL) AS captures,
       (SELECT count(*)::int FROM venue_payment) + (SELECT count(paid_reference)::int FROM audited_withdrawal) AS payments
