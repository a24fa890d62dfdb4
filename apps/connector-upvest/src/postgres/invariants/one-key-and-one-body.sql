-- one-key-and-one-body: Every attempt of a withdrawal goes out under the same idempotency key with the same bytes, and no key belongs to two withdrawals.
SELECT withdrawal_id::text AS violated FROM attempt GROUP BY withdrawal_id
HAVING count(DISTINCT evidence ->> 'idempotency_key') <> 1 OR count(DISTINCT request) <> 1 OR bool_or(evidence ->> 'idempotency_key' IS NULL)
UNION ALL
SELECT evidence ->> 'idempotency_key' FROM attempt GROUP BY 1 HAVING count(DISTINCT withdrawal_id) > 1
