-- How many rows each invariant had to look at: one that looked at nothing has proven nothing.
SELECT (SELECT count(*)::int FROM account)                                     AS accounts,
       (SELECT count(*)::int FROM balance)                                     AS balances,
       (SELECT count(*)::int FROM hold WHERE state = 'placed')                 AS holds_placed,
       (SELECT count(*)::int FROM hold WHERE state = 'captured')               AS holds_captured,
       (SELECT count(*)::int FROM hold WHERE state = 'released')               AS holds_released,
       (SELECT count(*)::int FROM hold WHERE state = 'refused')                AS holds_refused,
       (SELECT count(*)::int FROM journal_entry WHERE kind = 'funding')        AS entries_funding,
       (SELECT count(*)::int FROM journal_entry WHERE kind = 'capture')        AS entries_capture,
       (SELECT count(*)::int FROM journal_entry WHERE kind = 'venue_fee')      AS entries_venue_fee,
       (SELECT count(*)::int FROM posting)                                     AS postings,
       (SELECT count(*)::int FROM outbox)                                      AS outbox
