-- booked-as-paid-was-paid: the venue of each withdrawal that is booked as paid has reported the payment: as settled, or as a payment under its reference or of its recipient and amount that the connector lost with its database; of a lost payment to an account at the venue only the time is known
SELECT w.id, w.venue, w.number
  FROM withdrawal w JOIN venue_report r ON r.venue = w.venue
 WHERE w.state IN ('capturing', 'completed', 'returning', 'returned') AND w.requested_at > r.since AND coalesce(w.confirmed_at, w.updated_at) < r.reported_to - interval '30 seconds'
   AND NOT EXISTS (SELECT FROM venue_paid p WHERE p.withdrawal_id = w.id AND p.venue = w.venue)
   AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.client_reference = w.venue_client_reference AND p.venue = w.venue
                      AND p.record !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') -- a submission that has no reference of the venue may be no payment, and is reported by the id of its withdrawal
   AND NOT EXISTS (SELECT FROM venue_payment p WHERE p.venue = w.venue AND p.client_reference IS NULL -- the chain has no reference of ours
                      AND p.made_at BETWEEN w.requested_at - interval '1 hour' AND w.requested_at + interval '1 hour'
                      AND lower(p.payment_key) = lower(w.currency || ' ' || trim_scale(w.amount)::text || ' address:' || (w.destination ->> 'address') || ':' || coalesce(w.destination ->> 'memo', '')))
   AND NOT (w.destination ->> 'address' IS NULL AND EXISTS (SELECT FROM venue_payment p WHERE p.venue = w.venue AND p.client_reference IS NULL
                      AND (p.payment_key IS NULL -- an account at the venue has no comparable key; a venue with one list for all forms reports the account as an address, which keys have percent-encoded
                           OR p.payment_key = w.currency || ' ' || trim_scale(w.amount)::text || ' address:' || replace(replace(replace(w.destination ->> 'value', '%', '%25'), '+', '%2B'), '@', '%40') || ':')
                      AND p.made_at BETWEEN w.requested_at - interval '10 seconds' AND coalesce(w.confirmed_at, w.updated_at) + interval '10 seconds'))
