-- one-final-transfer: Of a withdrawal at most one transfer is final, and of a nonce at most one transaction.
SELECT n.withdrawal_id::text AS violated, count(*)::text AS found FROM nonce n JOIN transaction t USING (network, address, nonce)
 WHERE n.withdrawal_id IS NOT NULL AND t.kind = 'payment' AND t.final_at IS NOT NULL GROUP BY 1 HAVING count(*) > 1
UNION ALL
SELECT network || ':' || address || ':' || nonce, count(*)::text FROM transaction WHERE final_at IS NOT NULL GROUP BY 1 HAVING count(*) > 1
