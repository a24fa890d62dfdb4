-- each-movement-has-its-order: every funding, transfer and reversal has an order by a named person, with its evidence
-- by entries
SELECT e.id AS entry_id, e.kind, e.recorded_at
  FROM journal_entry e LEFT JOIN LATERAL (SELECT true AS found FROM money_order WHERE entry_id = e.id LIMIT 1) AS o ON true
 WHERE e.kind IN ('funding', 'transfer', 'reversal') AND e.id >= $1 AND e.id < $2 AND o.found IS NULL
   AND e.recorded_at >= (SELECT at FROM money_orders_begin)
