import { AFTER_ATTEMPT } from '@sluice/connector-rules';
import { REPEAT_IS_NEXT } from '../queue/queue-sql.js';
import { from, POSTPONED, stateBy } from '../rows/state-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';

export const DUE_UNKNOWN = `
  SELECT ${TRACE_COLUMNS}, s.form, s.state, s.attempt, s.resends, s.client_reference, s.asset, s.destination, s.amount::text, s.gross::text, s.venue_time, s.last_venue_time,
         s.attempt_venue_time, (extract(epoch FROM clock_timestamp() - s.given_up_at) * 1000)::float8 AS silent_ms,
         s.empty_lookups, s.covering_lookups, s.cancel_state IS NOT DISTINCT FROM 'wished' AS cancel_wished, coalesce(s.not_after <= clock_timestamp(), false) AS expired, s.refusal, s.possible_records
    FROM submission s
   WHERE s.state ${from('absence_proven')} AND s.form = $1 AND s.next_action_at <= clock_timestamp() AND NOT ${REPEAT_IS_NEXT}
   ORDER BY s.submitted_at LIMIT $4`;

export const POSTPONE_UNKNOWN = `
  UPDATE submission SET ${POSTPONED} WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('absence_proven')}`;

export const CLAIMED_REFERENCES =
  'SELECT venue_reference FROM submission WHERE form = $1 AND venue_reference = ANY ($2)';

// empty_lookups guards against a resolver frozen between the look-up and this statement.
export const APPLY_RESOLUTIONS = `
  WITH r AS (
    SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, state_before text, lookups_before int, kind text,
                                                   covered boolean, venue_reference text, reason text, pause_ms float8, nothing_moved_seal text, possible_records jsonb)),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('r.kind', { found: 'found', resend: { state: AFTER_ATTEMPT.again }, give_up: { state: AFTER_ATTEMPT.given_up }, person_needed: 'person_needed' }, 's.state')},
           attempt = s.attempt + (r.kind = 'resend')::int, resends = s.resends + (r.kind = 'resend')::int,
           venue_reference = r.venue_reference, reason = r.reason, possible_records = r.possible_records,
           refusal = CASE r.kind WHEN 'resend' THEN NULL ELSE s.refusal END,
           empty_lookups = s.empty_lookups + (r.kind IN ('look_again','person_needed'))::int,
           covering_lookups = s.covering_lookups + r.covered::int, postponed_for = NULL,
           next_action_at = CASE r.kind WHEN 'give_up' THEN NULL ELSE clock_timestamp() + r.pause_ms * interval '1 millisecond' END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END, listed_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           finished_at = CASE r.kind WHEN 'give_up' THEN clock_timestamp() END,
           attempt_state = ${stateBy('r.kind', { found: 'found', person_needed: 'person_needed', resend: 'absence_proven', give_up: 'absence_proven' }, 's.attempt_state')},
           nothing_moved_seal = CASE r.kind WHEN 'look_again' THEN s.nothing_moved_seal ELSE r.nothing_moved_seal END
      FROM r
     WHERE s.withdrawal_id = r.withdrawal_id AND s.state = r.state_before AND s.attempt = r.attempt AND s.empty_lookups = r.lookups_before
    RETURNING s.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id)
  SELECT ${TRACE_COLUMNS} FROM s`;
