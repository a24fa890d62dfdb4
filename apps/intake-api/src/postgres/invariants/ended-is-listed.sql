-- ended-is-listed: each withdrawal that has ended is in the list that its customer pages through
SELECT w.id, w.state
  FROM withdrawal w
 WHERE w.state IN ('completed', 'returned', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT FROM ended_withdrawal e WHERE e.account_id = w.account_id AND e.state = w.state AND e.number = w.number)
