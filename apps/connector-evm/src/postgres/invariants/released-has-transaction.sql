-- released-has-transaction: What was let go was signed and stored before, and what is final is so by one of its own transactions.
SELECT n.network, n.address, n.nonce, n.state FROM nonce n
 WHERE n.state IN ('released', 'final') AND NOT EXISTS (SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce)
UNION ALL
SELECT n.network, n.address, n.nonce, n.state FROM nonce n
 WHERE n.state = 'final' AND NOT EXISTS (
   SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.final_at IS NOT NULL
      AND (t.kind = 'void') = (n.outcome = 'void') AND t.paid = (n.outcome = 'paid') AND (t.kind = 'void' OR t.reverted = (n.outcome = 'reverted')))
