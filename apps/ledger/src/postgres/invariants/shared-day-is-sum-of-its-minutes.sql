-- shared-day-is-sum-of-its-minutes: each day of a shared account since the last detachment is the sum of its minutes, by either time
SELECT coalesce(d.account, m.account) AS account, coalesce(d.by, m.by) AS by, coalesce(d.day, m.day) AS day, d.sum AS stored, m.sum AS minutes
  FROM shared_day d
  FULL JOIN (SELECT account, by, (minute AT TIME ZONE 'UTC')::date AS day, asset, sum(sum) FROM shared_minute GROUP BY 1, 2, 3, 4) AS m
    ON m.account = d.account AND m.by = d.by AND m.day = d.day AND m.asset = d.asset
 WHERE coalesce(d.sum, 0) <> coalesce(m.sum, 0)
   AND coalesce(d.day, m.day) >= coalesce((SELECT (until AT TIME ZONE 'UTC')::date FROM checkpoint ORDER BY until DESC LIMIT 1), '-infinity')
