-- each-return-matches-its-capture: each return credits the customer with at most the captured payment, from the account of its venue, and its capture was not reversed too
-- by entries
WITH returned AS (
  SELECT e.id, e.account_id AS owner, h.*
    FROM journal_entry e
    LEFT JOIN LATERAL (SELECT account_id, asset, captured, venue, entry_id FROM hold
                        WHERE withdrawal_id = e.withdrawal_id AND state = 'captured' LIMIT 1) AS h ON true
   WHERE e.kind = 'return' AND e.id >= $1 AND e.id < $2
)
SELECT r.id AS entry_id, r.captured, p.account, p.asset, p.amount
  FROM returned r LEFT JOIN posting p ON p.entry_id = r.id AND p.entry_id >= $1 AND p.entry_id < $2
 WHERE (p.asset = r.asset AND r.owner = r.account_id
        AND (p.line = 1 AND p.account = 'customer:' || r.account_id AND p.amount > 0 AND p.amount <= r.captured
             OR p.line = 2 AND p.account = 'clearing:' || r.venue AND p.amount < 0)) IS NOT TRUE
    OR (EXISTS (SELECT FROM entry_key k WHERE k.kind = 'reversal' AND k.subject = r.entry_id AND k.reference = '')
        AND NOT EXISTS (SELECT FROM entry_key k WHERE k.kind = 'reversal' AND k.subject = r.id AND k.reference = ''))
