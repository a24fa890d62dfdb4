-- Of the journal, a bounded number of rows at a time.
-- by entries
SELECT count(*) FILTER (WHERE kind = 'funding')::int                   AS entries_funding,
       count(*) FILTER (WHERE kind = 'capture')::int                   AS entries_capture,
       count(*) FILTER (WHERE kind = 'capture' AND cardinality(accounts) > 3)::int AS entries_capture_with_venue_fee,
       count(*) FILTER (WHERE kind = 'venue_fee')::int                 AS entries_venue_fee,
       count(*) FILTER (WHERE kind = 'venue_fee' AND reference IS NOT NULL)::int AS entries_venue_fee_corrected,
       count(*) FILTER (WHERE kind = 'return')::int                    AS entries_return,
       count(*) FILTER (WHERE kind = 'transfer')::int                  AS entries_transfer,
       count(*) FILTER (WHERE kind = 'gas')::int                       AS entries_gas,
       count(*) FILTER (WHERE kind = 'gas_topup')::int                 AS entries_gas_topup,
       count(*) FILTER (WHERE kind = 'wallet_funding')::int            AS entries_wallet_funding,
       count(*) FILTER (WHERE kind = 'reversal')::int                  AS entries_reversal,
       count(*) FILTER (WHERE kind = 'reversal' AND reference IS NOT NULL)::int AS entries_reversal_of_venue_fee,
       (SELECT count(*)::int FROM posting WHERE entry_id >= $1 AND entry_id < $2) AS postings
  FROM journal_entry WHERE id >= $1 AND id < $2
