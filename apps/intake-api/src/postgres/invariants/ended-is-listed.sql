-- ended-is-listed: each withdrawal that has ended is in the list that its customer pages through
SELECT w.id, w.state
  FROM withdrawal w
 WHERE w.state IN ('completed', 'returned', 'failed', 'cancelled')
   AND NOT EXISTS (SELECT FROM ended_withdrawal e WHERE (e.account_id, e.currency, e.network, e.venue, e.state, e.number) = (w.account_id, w.currency, w.network, w.venue, w.state, w.number))
