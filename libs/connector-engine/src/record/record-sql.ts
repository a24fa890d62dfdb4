import {
  LEAVES_OPEN,
  MAY_PAY_THE_SAME,
  NAMES_NO_RECIPIENT,
  NOT_CLAIMED,
  PAYS_THE_SAME,
} from '../rows/unclaimed-sql.js';

export const CURSOR = `
  SELECT c.baseline, c.read_through, clock_timestamp() - c.deep_read_at > $2 * interval '1 millisecond' AS deep_is_due
    FROM record_cursor c WHERE c.form = $1`;

// A cursor never goes back: two instances may read at the same time.
export const ADVANCE = `
  INSERT INTO record_cursor AS c (form, baseline, read_through, read_at, deep_read_at)
  VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp())
  ON CONFLICT (form) DO UPDATE
    SET read_through = greatest(c.read_through, EXCLUDED.read_through), read_at = clock_timestamp(),
        deep_read_at = CASE WHEN $4 THEN clock_timestamp() ELSE c.deep_read_at END`;

// A record is not unclaimed if a submission has either reference. A changed reading is reported
// again. An unreadable row is a case, and judged once readable.
export const KEEP_UNKNOWN = `
  INSERT INTO unclaimed_record (venue_reference, form, client_reference, equality_keys, amount_key, destination, gross, venue_status, created_at, unreadable, reported_at)
  SELECT r.venue_reference, r.form, r.client_reference, ARRAY[r.equality_key], r.amount_key, r.destination, r.gross, r.venue_status, r.created_at, r.unreadable,
         CASE WHEN r.unreadable IS NOT NULL THEN clock_timestamp() END
    FROM json_to_recordset($1::json) AS r(venue_reference text, form text, client_reference text, equality_key text, amount_key text, destination text,
                                          gross text, venue_status text, created_at timestamptz, unreadable text)
   WHERE NOT EXISTS (SELECT FROM submission s WHERE s.venue_reference = r.venue_reference)
     AND NOT EXISTS (SELECT FROM submission s WHERE s.client_reference = r.client_reference)
   ORDER BY r.venue_reference
  ON CONFLICT (venue_reference) DO UPDATE
    SET equality_keys = CASE WHEN unclaimed_record.equality_keys @> EXCLUDED.equality_keys THEN unclaimed_record.equality_keys ELSE unclaimed_record.equality_keys || EXCLUDED.equality_keys END,
        reported_as = CASE WHEN unclaimed_record.equality_keys @> EXCLUDED.equality_keys THEN unclaimed_record.reported_as END,
        reported_at = CASE WHEN unclaimed_record.unreadable IS NULL OR EXCLUDED.unreadable IS NOT NULL THEN unclaimed_record.reported_at END,
        unreadable = CASE WHEN EXCLUDED.unreadable IS NOT NULL THEN unclaimed_record.unreadable END,
        venue_status = EXCLUDED.venue_status
  RETURNING venue_reference, unreadable, xmax = 0 AS is_new`;

export const CLOSE_CLAIMED = `
  UPDATE unclaimed_record u SET closed_at = clock_timestamp(), closed_because = 'it belongs to ' || s.withdrawal_id
    FROM submission s WHERE u.closed_at IS NULL AND s.venue_reference = u.venue_reference`;

/**
 * Unreported unclaimed records with their possible origins. `may_be_sent`: a request without
 * outcome left before. `may_be_ordered`: an unsent order matches by fields or, before its look-up,
 * by amount. `refused_as`: a submission ended as not paid.
 */
export const UNREPORTED = `
  SELECT u.venue_reference, u.form, u.client_reference, u.gross, u.venue_status, u.amount_key, u.created_at, u.created_at < c.baseline AS before_baseline, u.seen_at > clock_timestamp() - interval '50 seconds' AS is_new,
         EXISTS (SELECT FROM submission s
                  WHERE s.equality_key IS NOT NULL AND s.state IN ('sending','refusing','repeating','unknown','undecided') AND (starts_with(s.equality_key, u.amount_key || ' ') OR ${LEAVES_OPEN})
                    AND s.venue_time <= u.created_at + interval '1 second') AS may_be_sent,
         EXISTS (SELECT FROM submission s
                  WHERE s.state = 'prepared' AND coalesce(s.ordered_at, s.created_at) <= u.created_at + interval '10 seconds'
                    AND (s.equality_key = ANY (u.equality_keys) OR (s.lookup_first AND NOT s.unknown_published AND starts_with(s.equality_key, u.amount_key || ' ')))) AS may_be_ordered,
         r.withdrawal_id AS refused_as, r.reason AS refused_because
    FROM unclaimed_record u JOIN record_cursor c ON c.form = u.form
    LEFT JOIN LATERAL (
      SELECT s.withdrawal_id, s.reason FROM submission s
       WHERE s.equality_key = ANY (u.equality_keys) AND (s.state = 'refused' OR (s.state = 'failed' AND s.reason = 'decided_absent'))
         AND s.venue_time <= u.created_at + interval '1 second' AND s.finished_at > clock_timestamp() - $1 * interval '1 millisecond'
       ORDER BY s.venue_time DESC LIMIT 1) r ON true
   WHERE u.reported_at IS NULL AND ${NOT_CLAIMED}
   ORDER BY u.created_at LIMIT 1000`;

export const MARK_REPORTED = `UPDATE unclaimed_record SET reported_at = clock_timestamp() WHERE venue_reference = ANY ($1)`;

/** These are not reported: they are older than the very first reading. They stay, because an order with their reference may come. */
export const CLOSE_BEFORE_BASELINE = `
  UPDATE unclaimed_record SET closed_at = clock_timestamp(), closed_because = 'it is older than the first reading of the record'
   WHERE venue_reference = ANY ($1) AND client_reference IS NULL`;

/** Marks unsent orders with a possible unclaimed record for the first look-up. */
export const LOOK_UP_FITTING = `
  UPDATE submission s SET lookup_first = true, next_action_at = clock_timestamp()
    FROM unclaimed_record u
   WHERE ${NOT_CLAIMED} AND s.state = 'prepared' AND NOT s.lookup_first AND (s.client_reference = u.client_reference OR ${PAYS_THE_SAME} OR ${NAMES_NO_RECIPIENT} OR ${MAY_PAY_THE_SAME})`;

export const LOOK_UP_FIRST = `
  UPDATE submission SET lookup_first = true, next_action_at = clock_timestamp() WHERE withdrawal_id = ANY ($1::uuid[]) AND state = 'prepared' AND NOT lookup_first`;

/** Recipients of the newest orders, for venues with record listings per recipient. */
export const RECENT_DESTINATIONS = `
  SELECT DISTINCT destination FROM (SELECT destination, created_at FROM submission WHERE form = $1 ORDER BY withdrawal_id DESC LIMIT 2000) d
   WHERE created_at > clock_timestamp() - $2 * interval '1 millisecond'`;

/** Submissions ended without a venue reference, or still without a venue reference. */
export const WITHOUT_VENUE_REFERENCE = `
  SELECT s.withdrawal_id, s.client_reference, s.state, s.reason FROM submission s WHERE s.client_reference = ANY ($1) AND s.venue_reference IS NULL`;
