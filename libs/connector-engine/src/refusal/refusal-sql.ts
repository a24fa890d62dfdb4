import { POSTPONED } from '../rows/postponed-sql.js';
import { from, stateBy } from '../rows/state-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';

// answered_after_ms: time between the request and the refusal by the venue; look-ups must cover
// this time.
export const DUE_REFUSALS = `
  SELECT s.withdrawal_id, s.attempt, s.client_reference, s.asset, s.destination, s.amount::text, s.gross::text, s.last_venue_time AS since, s.refusal,
         s.empty_lookups, s.covering_lookups, (extract(epoch FROM clock_timestamp() - coalesce(a.answered_at, clock_timestamp())) * 1000)::float8 AS silent_ms,
         (extract(epoch FROM coalesce(a.answered_at, clock_timestamp()) - coalesce(s.submitted_at, a.intended_at)) * 1000)::float8 AS answered_after_ms
    FROM submission s JOIN attempt a ON a.withdrawal_id = s.withdrawal_id AND a.number = s.attempt
   WHERE s.state ${from('nothing_found')} AND s.form = $1 AND s.next_action_at <= clock_timestamp()
   ORDER BY s.submitted_at LIMIT $2`;

export const POSTPONE_REFUSALS = `
  UPDATE submission SET ${POSTPONED} WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('nothing_found')}`;

export const LOCK_EXPOSURE =
  "SELECT pg_advisory_xact_lock(hashtextextended('exposure of fast fail-over', 0))";

/** $1: counting period of a release, in milliseconds. */
export const COUNTED_EXPOSURE = `
  SELECT coalesce(sum(fast_released_eur), 0)::text AS eur FROM submission
   WHERE fast_released_eur IS NOT NULL AND finished_at > clock_timestamp() - $1 * interval '1 millisecond'`;

// A row meanwhile moved or looked up by a person or another instance is left unchanged.
export const APPLY_REFUSALS = `
  WITH r AS (
    SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, lookups_before int, kind text, venue_reference text,
                                                   released_eur numeric, covered boolean, pause_ms float8)),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('r.kind', { found: 'found', nothing_found: 'nothing_found', person_needed: 'person_needed' }, 's.state')},
           venue_reference = r.venue_reference,
           reason = CASE r.kind WHEN 'nothing_found' THEN s.refusal->>'reason' END,
           fast_released_eur = r.released_eur,
           empty_lookups = s.empty_lookups + (r.kind = 'look_again')::int,
           covering_lookups = s.covering_lookups + r.covered::int, postponed_for = NULL,
           unknown_published = s.unknown_published OR r.kind = 'person_needed',
           given_up_at = CASE r.kind WHEN 'person_needed' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           finished_at = CASE r.kind WHEN 'nothing_found' THEN clock_timestamp() END,
           next_action_at = CASE WHEN r.kind <> 'nothing_found' THEN clock_timestamp() + r.pause_ms * interval '1 millisecond' END
      FROM r
     WHERE s.withdrawal_id = r.withdrawal_id AND s.state ${from('nothing_found')} AND s.attempt = r.attempt AND s.empty_lookups = r.lookups_before
    RETURNING s.*, r.kind AS found_kind),
  tries AS (
    UPDATE attempt a SET state = s.state FROM s WHERE a.withdrawal_id = s.withdrawal_id AND a.number = s.attempt)
  SELECT ${TRACE_COLUMNS}, s.client_reference, s.venue_reference, s.refusal, s.empty_lookups, s.found_kind FROM s`;
