-- one-hold-per-withdrawal: a withdrawal has one hold
-- by holds
SELECT withdrawal_id, count(*) FROM hold WHERE withdrawal_id >= $1 AND withdrawal_id < $2 GROUP BY 1 HAVING count(*) > 1
