-- shared-day-is-sum-of-its-postings: each day of a shared account since the last detachment, and what is not folded yet, is the sum of its postings, by either time
-- by days
SELECT coalesce(s.account, p.account) AS account, coalesce(s.by, p.by) AS by, coalesce(s.day, p.day) AS day, s.sum AS stored, p.sum AS postings
  FROM (SELECT account, by, day, asset, sum(amount) AS sum
          FROM (SELECT account, by, day, asset, sum AS amount FROM shared_day
                UNION ALL
                SELECT account, by, (at AT TIME ZONE 'UTC')::date, asset, amount
                  FROM shared_unfolded, LATERAL (VALUES ('recorded', recorded_at), ('effective', effective_at)) AS t(by, at)) AS parts
         GROUP BY account, by, day, asset) AS s
  FULL JOIN unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::numeric[]) AS p(account, by, day, asset, sum)
    ON p.account = s.account AND p.by = s.by AND p.day = s.day AND p.asset = s.asset
 WHERE coalesce(s.sum, 0) <> coalesce(p.sum, 0)
   AND coalesce(s.day, p.day) >= coalesce((SELECT (until AT TIME ZONE 'UTC')::date FROM checkpoint ORDER BY until DESC LIMIT 1), '-infinity')
