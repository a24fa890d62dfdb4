import { POSTPONED } from '../rows/postponed-sql.js';
import { from, stateBy } from '../rows/state-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';
import { MAY_BE_OF_ORDER, RECIPIENT_NOT_KNOWN_YET } from '../rows/unclaimed-sql.js';

const BEFORE_SENDING = from('found', ['prepared']);

// While an equal payment has no outcome a record may be of either; neither is sent meanwhile.

export const DUE_FIRST_LOOKUPS = `
  SELECT s.withdrawal_id, s.client_reference, s.asset, s.destination, s.amount::text, coalesce(s.ordered_at, s.created_at) AS ordered_at,
         (SELECT min(u.created_at) FROM unclaimed_record u
           WHERE ${MAY_BE_OF_ORDER}) AS oldest_unclaimed,
         (SELECT string_agg(u.venue_reference, ', ') FROM (SELECT u.venue_reference FROM unclaimed_record u WHERE ${MAY_BE_OF_ORDER} ORDER BY u.created_at LIMIT 5) u) AS unclaimed
    FROM submission s
   WHERE s.state ${BEFORE_SENDING} AND s.lookup_first AND s.form = $1 AND s.next_action_at <= clock_timestamp()
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','unknown','undecided')))
     AND NOT ${RECIPIENT_NOT_KNOWN_YET}
   ORDER BY s.seq LIMIT $2`;

export const POSTPONE_FIRST_LOOKUPS = `
  UPDATE submission SET ${POSTPONED}
   WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${BEFORE_SENDING} AND lookup_first`;

// A found payment needs no request, so the row has no attempt. A row with a changed state is left
// unchanged.
export const APPLY_FIRST_LOOKUPS = `
  WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, kind text, venue_reference text, gross numeric, made_at timestamptz, unsent_seal text)),
  before AS (
    SELECT s.withdrawal_id, s.unknown_published FROM submission s JOIN r USING (withdrawal_id)
     WHERE s.state ${BEFORE_SENDING} AND s.lookup_first ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('r.kind', { found: 'found' }, 's.state')},
           lookup_first = r.kind = 'person_needed', postponed_for = NULL, unsent_seal = coalesce(r.unsent_seal, s.unsent_seal),
           unknown_published = s.unknown_published OR r.kind = 'person_needed',
           venue_reference = r.venue_reference, gross = coalesce(r.gross, s.gross),
           submitted_at = CASE r.kind WHEN 'found' THEN coalesce(s.submitted_at, clock_timestamp()) ELSE s.submitted_at END,
           venue_time = CASE r.kind WHEN 'found' THEN least(s.venue_time, r.made_at) ELSE s.venue_time END,
           last_venue_time = CASE r.kind WHEN 'found' THEN greatest(s.last_venue_time, r.made_at) ELSE s.last_venue_time END,
           listed_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           next_action_at = clock_timestamp() + CASE r.kind WHEN 'person_needed' THEN interval '1 minute' ELSE interval '0' END
      FROM r JOIN before b USING (withdrawal_id) WHERE s.withdrawal_id = r.withdrawal_id
    RETURNING s.*, r.kind AS found_kind, b.unknown_published AS published_before)
  SELECT ${TRACE_COLUMNS}, s.client_reference, s.venue_reference, s.found_kind, s.published_before FROM s`;
