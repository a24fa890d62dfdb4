-- payment-has-one-nonce: a withdrawal is paid under one nonce for ever, and a nonce pays one withdrawal
SELECT withdrawal_id, count(*) FROM signed_nonce WHERE withdrawal_id IS NOT NULL GROUP BY withdrawal_id HAVING count(*) > 1
