import { OWNER_COLUMNS } from '../wire.js';
import { MAY_BE_OF_ORDER, RECIPIENT_NOT_TOLD_YET } from './record-sql.js';

// While an equal one is without an outcome a record may be either's; nothing is sent meanwhile anyway.

export const DUE_FIRST_LOOKUPS = `
  SELECT s.withdrawal_id, s.client_reference, s.asset, s.destination, s.amount::text, coalesce(s.ordered_at, s.created_at) AS ordered_at,
         (SELECT min(u.created_at) FROM unclaimed_record u
           WHERE ${MAY_BE_OF_ORDER}) AS oldest_unclaimed
    FROM submission s
   WHERE s.state = 'prepared' AND s.lookup_first AND s.form = $1 AND s.next_action_at <= clock_timestamp()
     AND (s.twin_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.twin_key = s.twin_key AND t.state IN ('sending','refusing','unknown','undecided')))
     AND NOT ${RECIPIENT_NOT_TOLD_YET}
   ORDER BY s.seq LIMIT $2`;

export const POSTPONE_FIRST_LOOKUPS = `
  UPDATE submission SET next_action_at = clock_timestamp() + $2 * interval '1 millisecond'
   WHERE withdrawal_id = ANY ($1::uuid[]) AND state = 'prepared' AND lookup_first`;

// What was found takes the place of a request of ours: the row has no attempt. A row that was moved meanwhile is left alone.
export const APPLY_FIRST_LOOKUPS = `
  WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, kind text, venue_reference text, gross numeric, made_at timestamptz)),
  before AS (
    SELECT s.withdrawal_id, s.told_unknown FROM submission s JOIN r USING (withdrawal_id)
     WHERE s.state = 'prepared' AND s.lookup_first ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s
       SET state = CASE r.kind WHEN 'found' THEN 'accepted' ELSE s.state END,
           lookup_first = r.kind = 'person_needed',
           told_unknown = s.told_unknown OR r.kind = 'person_needed',
           venue_reference = r.venue_reference, gross = coalesce(r.gross, s.gross),
           submitted_at = CASE r.kind WHEN 'found' THEN coalesce(s.submitted_at, clock_timestamp()) ELSE s.submitted_at END,
           venue_time = CASE r.kind WHEN 'found' THEN least(s.venue_time, r.made_at) ELSE s.venue_time END,
           last_venue_time = CASE r.kind WHEN 'found' THEN greatest(s.last_venue_time, r.made_at) ELSE s.last_venue_time END,
           listed_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           next_action_at = clock_timestamp() + CASE r.kind WHEN 'person_needed' THEN interval '1 minute' ELSE interval '0' END
      FROM r JOIN before b USING (withdrawal_id) WHERE s.withdrawal_id = r.withdrawal_id
    RETURNING s.*, r.kind AS found_kind, b.told_unknown AS told_before)
  SELECT ${OWNER_COLUMNS}, s.client_reference, s.venue_reference, s.found_kind, s.told_before FROM s`;
