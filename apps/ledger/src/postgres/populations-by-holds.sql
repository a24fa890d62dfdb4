-- Of the holds, a bounded number of rows at a time.
-- by holds
SELECT count(*) FILTER (WHERE state = 'placed')::int                   AS holds_placed,
       count(*) FILTER (WHERE state = 'captured')::int                 AS holds_captured,
       count(*) FILTER (WHERE state = 'released')::int                 AS holds_released,
       count(*) FILTER (WHERE state = 'expired')::int                  AS holds_expired,
       count(*) FILTER (WHERE state = 'refused')::int                  AS holds_refused
  FROM hold WHERE withdrawal_id >= $1 AND withdrawal_id < $2
