/** Marks every open record, and the records closed since `$1`, for another report. */
export const REPORT_ANEW = `
  UPDATE unclaimed_record SET reported_as = NULL
   WHERE reported_as IS NOT NULL AND (closed_at IS NULL OR closed_at > $1::timestamptz)`;

// If several forms may have made a record, only the readings as a payment to an address are
// compared with other venues: an account at this venue is another customer's account at the next
// venue. Each further reading has a separate name, because intake-api stores a single payment per
// name.
export const CHANGED_PAYMENTS = `
  WITH changed AS (
    SELECT venue_reference FROM unclaimed_record
     WHERE reported_as IS DISTINCT FROM CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END
     ORDER BY seen_at, venue_reference LIMIT $1 FOR UPDATE),
  reported AS (
    UPDATE unclaimed_record u SET reported_as = CASE WHEN u.closed_at IS NULL THEN 'open' ELSE 'closed' END
      FROM changed WHERE u.venue_reference = changed.venue_reference
    RETURNING u.*)
  SELECT u.venue_reference || CASE WHEN k.reading > 1 THEN ' reading ' || k.reading ELSE '' END AS record, u.client_reference, u.created_at AS made_at,
         u.closed_at IS NOT NULL AS closed, NULL AS withdrawal_id, k.payment
    FROM reported u
    LEFT JOIN LATERAL (SELECT key AS payment, row_number() OVER (ORDER BY position) AS reading
                         FROM unnest(u.equality_keys) WITH ORDINALITY AS keys(key, position)
                        WHERE split_part(key, ' ', 3) LIKE 'address:%') k ON true
   ORDER BY u.seen_at, u.venue_reference, k.reading`;

/**
 * Possibly paid submissions possibly forgotten by intake-api, identified only by the reference: a
 * client repeating the order leads to the same reference. Selected by the time in their ids
 * (UUIDv7).
 */
export const OWN_PAYMENTS = `
  SELECT coalesce(s.venue_reference, s.withdrawal_id::text) AS record, s.client_reference, NULL AS payment, s.created_at AS made_at, false AS closed, s.withdrawal_id
    FROM submission s
   WHERE s.withdrawal_id > (SELECT coalesce($2::uuid, rpad(lpad(to_hex((extract(epoch FROM $1::timestamptz) * 1000)::bigint), 12, '0'), 32, '0')::uuid))
     AND s.state NOT IN ('prepared','refused','failed') AND s.client_reference ~ '^c[0-9A-Za-z]{22,31}$'
   ORDER BY s.withdrawal_id LIMIT $3`;
