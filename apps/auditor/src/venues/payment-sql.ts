const ROW = `venue text, venue_reference text, form text, client_reference text, currency text, network text, destination text,
  net numeric, gross numeric, venue_fee numeric, equality_key text, unlisted_key text, status text, venue_status text, tx_hash text, created_at timestamptz`;

/** When the final state was read first; a payment that is not final has no such time. */
const finalAt = (status: string): string =>
  `CASE WHEN ${status} IN ('settled', 'failed') THEN clock_timestamp() END`;

/**
 * Stores the records of a page. The group of a new payment, and of a payment that failed or no
 * longer fails, is compared again. `$2`: the begin of the reading.
 */
export const KEEP_PAYMENTS = `
  WITH rows AS (
    SELECT DISTINCT ON (venue, venue_reference) * FROM json_to_recordset($1::json) AS r(${ROW}) ORDER BY venue, venue_reference),
  before AS (
    SELECT p.venue, p.venue_reference, p.status, p.equality_key
      FROM venue_payment p JOIN rows r ON r.venue = p.venue AND r.venue_reference = p.venue_reference),
  dirty AS (
    INSERT INTO dirty_group (venue, equality_key)
    SELECT DISTINCT r.venue, r.equality_key
      FROM rows r LEFT JOIN before b ON b.venue_reference = r.venue_reference
     WHERE r.equality_key IS NOT NULL
       AND (b.venue_reference IS NULL OR (b.status = 'failed') <> (r.status = 'failed') OR b.equality_key IS NULL))
  INSERT INTO venue_payment AS p (venue, venue_reference, form, client_reference, currency, network, destination, net, gross, venue_fee,
                                  equality_key, unlisted_key, status, venue_status, tx_hash, created_at, last_seen_at, final_seen_at)
  SELECT venue, venue_reference, form, client_reference, currency, network, destination, net, gross, venue_fee,
         equality_key, unlisted_key, status, venue_status, tx_hash, created_at, $2, ${finalAt('rows.status')} FROM rows
  ON CONFLICT (venue, venue_reference) DO UPDATE
    SET status = EXCLUDED.status, venue_status = EXCLUDED.venue_status, tx_hash = EXCLUDED.tx_hash,
        net = EXCLUDED.net, gross = EXCLUDED.gross, venue_fee = EXCLUDED.venue_fee, network = EXCLUDED.network,
        final_seen_at = CASE WHEN p.status = EXCLUDED.status THEN p.final_seen_at ELSE ${finalAt('EXCLUDED.status')} END,
        counted_at = CASE WHEN p.status = 'failed' AND EXCLUDED.status <> 'failed' THEN NULL ELSE p.counted_at END,
        equality_key = CASE WHEN p.equality_key = p.unlisted_key AND p.net = EXCLUDED.net THEN p.equality_key ELSE EXCLUDED.equality_key END,
        unlisted_key = EXCLUDED.unlisted_key, last_seen_at = greatest(p.last_seen_at, $2)
  WHERE p.status IN ('pending', 'broadcast') OR p.status <> EXCLUDED.status OR p.net IS DISTINCT FROM EXCLUDED.net
     OR p.venue_fee IS DISTINCT FROM EXCLUDED.venue_fee`;

/** Begin of the next reading: the overlap, and the oldest payment without a final state. */
export const NEXT_READING = `
  SELECT clock_timestamp() AS begun_at, r.read_through, clock_timestamp() - r.deep_read_at > interval '6 hours' AS deep_is_due,
         (SELECT min(created_at) FROM venue_payment p
           WHERE p.venue = $1 AND p.status IN ('pending', 'broadcast') AND p.created_at > clock_timestamp() - interval '7 days') AS oldest_open
    FROM (SELECT 1) AS one LEFT JOIN venue_reading r ON r.venue = $1`;

/** `$5`: begin of the first reading. Earlier payments were not read. */
export const READ_THROUGH = `
  INSERT INTO venue_reading AS v (venue, read_through, completed_at, deep_read_at, covered_from) VALUES ($1, $2, $3, $3, $5)
  ON CONFLICT (venue) DO UPDATE
    SET read_through = greatest(v.read_through, EXCLUDED.read_through),
        completed_at = greatest(v.completed_at, EXCLUDED.completed_at),
        deep_read_at = CASE WHEN $4 THEN EXCLUDED.deep_read_at ELSE v.deep_read_at END`;
