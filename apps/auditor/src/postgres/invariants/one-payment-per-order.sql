-- one-payment-per-order: no order of a venue has two payments that did not fail
SELECT venue, withdrawal_id, count(*) AS payments
  FROM venue_payment
 WHERE withdrawal_id IS NOT NULL AND status <> 'failed'
 GROUP BY venue, withdrawal_id
HAVING count(*) > 1
