-- booked-as-paid-was-paid: what is booked as paid its venue has reported as paid, as far as the reports of that venue go
SELECT w.id, w.venue, w.number
  FROM withdrawal w JOIN venue_report r ON r.venue = w.venue
 WHERE w.state IN ('capturing', 'completed') AND w.requested_at > r.since AND coalesce(w.confirmed_at, w.updated_at) < r.reported_to - interval '30 seconds'
   AND NOT EXISTS (SELECT FROM venue_paid p WHERE p.withdrawal_id = w.id AND p.venue = w.venue)
