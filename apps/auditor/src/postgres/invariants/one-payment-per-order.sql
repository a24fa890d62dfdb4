-- one-payment-per-order: no order of a venue has two payments that did not fail
SELECT venue, withdrawal_id, count(*) AS payments
  FROM (SELECT venue, withdrawal_id FROM venue_payment WHERE withdrawal_id IS NOT NULL AND status <> 'failed'
         UNION ALL
        SELECT order_venue, withdrawal_id FROM audited_withdrawal WHERE paid_reference IS NOT NULL) AS paid
 GROUP BY venue, withdrawal_id
HAVING count(*) > 1
