-- held-is-between-zero-and-posted: 0 <= held <= posted
SELECT account_id, asset, posted, held FROM balance WHERE held < 0 OR posted < held
