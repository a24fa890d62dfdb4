/** Opens a condition for each venue whose reading in `column` is older than a minute, unless the venue has an open condition. */
const notRead = (column: string, reading: string, evidence: string): string => `
  INSERT INTO finding (is_condition, kind, scope, target, subject, evidence, fact_at)
  SELECT true, 'venue_not_read', 'venue', v.venue, v.venue || '${reading} since ' || to_char(t.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         json_build_object('venue', v.venue, '${evidence}', r.${column}), t.since + interval '60 seconds'
    FROM unnest($1::text[]) AS v(venue)
    LEFT JOIN venue_reading r ON r.venue = v.venue
    CROSS JOIN LATERAL (SELECT greatest(r.${column}, $2::timestamptz) AS since) t
   WHERE t.since < clock_timestamp() - interval '60 seconds'
     AND NOT EXISTS (SELECT FROM finding f WHERE f.kind = 'venue_not_read' AND f.closed_at IS NULL AND f.target = v.venue)
   ORDER BY v.venue
  ON CONFLICT DO NOTHING`;

/** `$1`: covered venues; `$2`: begin of this process, before which no reading was possible. */
export const NOT_READ = notRead('completed_at', '', 'read_completely_at');
/** As `NOT_READ`, for the balances. */
export const BALANCES_NOT_READ = notRead('balances_read_at', ' balances', 'balances_read_at');
