-- shared-day-is-sum-of-what-was-folded: each day of a shared account since the last detachment is the sum of what was folded into it, by either time
SELECT coalesce(d.account, s.account) AS account, coalesce(d.by, s.by) AS by, coalesce(d.day, s.day) AS day, d.sum AS stored, s.sum AS folded
  FROM shared_day d
  FULL JOIN (SELECT account, by, day, asset, sum(amount)
               FROM shared_sum, LATERAL (VALUES ('recorded', (recorded_at AT TIME ZONE 'UTC')::date), ('effective', (effective_at AT TIME ZONE 'UTC')::date)) AS t(by, day)
              WHERE folded GROUP BY account, by, day, asset) AS s
    ON s.account = d.account AND s.by = d.by AND s.day = d.day AND s.asset = d.asset
 WHERE coalesce(d.sum, 0) <> coalesce(s.sum, 0)
   AND coalesce(d.day, s.day) >= coalesce((SELECT (until AT TIME ZONE 'UTC')::date FROM checkpoint ORDER BY until DESC LIMIT 1), '-infinity')
