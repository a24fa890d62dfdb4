import { from, stateBy } from '../postgres/state-sql.js';
import { TRACE_COLUMNS } from '../wire.js';

export const DUE_REFUSALS = `
  SELECT s.withdrawal_id, s.attempt, s.client_reference, s.asset, s.destination, s.amount::text, s.gross::text, s.last_venue_time AS since, s.refusal
    FROM submission s
   WHERE s.state ${from('nothing_found')} AND s.form = $1 AND s.next_action_at <= clock_timestamp()
   ORDER BY s.submitted_at LIMIT $2`;

export const POSTPONE_REFUSALS = `
  UPDATE submission SET next_action_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('nothing_found')}`;

// A row that a person or another instance has moved meanwhile is left alone.
export const APPLY_REFUSALS = `
  WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, kind text, venue_reference text)),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('r.kind', { found: 'found', nothing_found: 'nothing_found', person_needed: 'person_needed' })},
           venue_reference = r.venue_reference,
           reason = CASE r.kind WHEN 'nothing_found' THEN s.refusal->>'reason' END,
           unknown_published = s.unknown_published OR r.kind = 'person_needed',
           given_up_at = CASE r.kind WHEN 'person_needed' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           finished_at = CASE r.kind WHEN 'nothing_found' THEN clock_timestamp() END,
           next_action_at = CASE WHEN r.kind <> 'nothing_found' THEN clock_timestamp() END
      FROM r WHERE s.withdrawal_id = r.withdrawal_id AND s.state ${from('nothing_found')} AND s.attempt = r.attempt
    RETURNING s.*, r.kind AS found_kind),
  tries AS (
    UPDATE attempt a SET state = s.state FROM s WHERE a.withdrawal_id = s.withdrawal_id AND a.number = s.attempt)
  SELECT ${TRACE_COLUMNS}, s.client_reference, s.venue_reference, s.refusal, s.found_kind FROM s`;
