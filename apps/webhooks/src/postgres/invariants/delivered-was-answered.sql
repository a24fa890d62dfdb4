-- delivered-was-answered: what counts as delivered has a first success that was answered with 2xx
SELECT d.id, d.webhook_id FROM delivery d
 WHERE d.status = 'delivered' AND (d.answered_status BETWEEN 200 AND 299) IS NOT TRUE
