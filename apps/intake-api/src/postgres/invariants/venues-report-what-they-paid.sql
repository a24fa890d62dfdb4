-- venues-report-what-they-paid: each venue of a route has reported within five minutes what it has paid, once it has begun to
SELECT r.venue, r.reported_to FROM venue_report r
 WHERE r.received_at < clock_timestamp() - interval '5 minutes' AND EXISTS (SELECT FROM route o WHERE o.venue = r.venue)
