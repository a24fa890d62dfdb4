-- policy-counters-are-sums-of-holds: each counter of a limit is the sum of the placed and captured holds in its bucket. A counter over the whole time may also include holds past their retention
SELECT meter, key, bucket, counted.used AS counted, held.used AS held
  FROM (SELECT meter, key, bucket, used FROM policy_counter
         WHERE bucket > clock_timestamp() - interval '28 days' OR bucket = to_timestamp(0)) AS counted
  FULL JOIN (SELECT meter, key, bucket, sum(used) AS used FROM policy_use
              WHERE bucket > clock_timestamp() - interval '28 days' OR bucket = to_timestamp(0)
              GROUP BY meter, key, bucket) AS held USING (meter, key, bucket)
 WHERE CASE WHEN bucket = to_timestamp(0) THEN coalesce(counted.used, 0) < coalesce(held.used, 0)
            ELSE coalesce(counted.used, 0) <> coalesce(held.used, 0) END
