SELECT (SELECT count(*) FROM nonce)::int AS nonces, (SELECT count(*) FROM transaction)::int AS transactions, (SELECT count(*) FROM lane)::int AS lanes
