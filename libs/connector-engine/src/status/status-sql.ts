import { from, stateBy, to } from '../rows/state-sql.js';
import { REPORTABLE_NOW } from '../sent/reportable-now.js';
import { BLOCK_COLUMNS, TRACE_COLUMNS } from '../wire/event-writer.js';

// A submission not sent from here may have no gross; the ordered amount is compared.
const OPEN_COLUMNS = `s.withdrawal_id, s.state, s.asset, s.amount::text, coalesce(s.gross, s.amount)::text AS gross, s.destination, s.venue_reference, s.client_reference, s.tx_hash,
         s.cancel_state, s.venue_time, s.last_venue_time, s.listed_at IS NOT NULL AS was_listed, s.not_listed_at IS NOT NULL AS is_unlisted,
         s.state = 'failed' AND s.reason IS NOT DISTINCT FROM 'decided_absent' AS is_taken_back,
         (extract(epoch FROM clock_timestamp() - s.accepted_at) * 1000)::float8 AS accepted_for_ms,
         (extract(epoch FROM clock_timestamp() - s.cancel_seen_at) * 1000)::float8 AS cancel_seen_for_ms,
         (extract(epoch FROM clock_timestamp() - s.finished_at) * 1000)::float8 AS ended_for_ms`;

export const DUE_OPEN = `
  SELECT due.* FROM unnest($1::text[]) AS wanted (form) CROSS JOIN LATERAL (
    SELECT s.form, s.submitted_at, ${OPEN_COLUMNS} FROM submission s
     WHERE s.state ${from('venue_settled')} AND s.form = wanted.form AND s.next_action_at <= clock_timestamp()
     ORDER BY s.submitted_at LIMIT $2) due
   ORDER BY due.submitted_at`;

export const BY_REFERENCES = `
  SELECT ${OPEN_COLUMNS} FROM submission s WHERE s.form = $1 AND s.venue_reference = ANY ($2)
  UNION ALL
  SELECT ${OPEN_COLUMNS} FROM unnest($3::text[]) AS ours JOIN submission s ON s.client_reference = ours
   WHERE s.form = $1 AND s.venue_reference IS NOT NULL AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS theirs WHERE theirs = s.venue_reference)`;

export const APPLY_VERDICTS = `
  WITH v AS (SELECT * FROM json_to_recordset($1::json) AS v(withdrawal_id uuid, verdict text, tx_hash text, block_number numeric, confirmations bigint, venue_fee numeric, received numeric, reason text, read_again_ms bigint)),
  locked AS (
    SELECT s.withdrawal_id, s.cancel_state FROM submission s JOIN v USING (withdrawal_id)
     WHERE s.state ${from('venue_settled')} AND (v.verdict <> 'broadcast' OR s.tx_hash IS NULL) AND (v.verdict <> 'cancel_seen' OR s.cancel_seen_at IS NULL) ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('v.verdict', { settled: 'venue_settled', failed: 'venue_failed', disputed: 'not_as_asked' }, 's.state')},
           attempt_state = CASE WHEN v.verdict = 'failed' AND s.begun = s.attempt THEN ${to('venue_failed')} ELSE s.attempt_state END,
           listed_at = coalesce(s.listed_at, clock_timestamp()), not_listed_at = NULL,
           tx_hash = coalesce(v.tx_hash, s.tx_hash), block_number = v.block_number, confirmations = v.confirmations, venue_fee = v.venue_fee, received = v.received, reason = v.reason,
           cancel_seen_at = CASE v.verdict WHEN 'cancel_seen' THEN clock_timestamp() ELSE s.cancel_seen_at END,
           finished_at = CASE WHEN v.verdict IN ('settled','failed') THEN ${REPORTABLE_NOW} END,
           next_action_at = CASE WHEN v.verdict IN ('broadcast','cancel_seen') THEN s.next_action_at WHEN v.verdict = 'settled' THEN clock_timestamp() + v.read_again_ms * interval '1 millisecond' END,
           cancel_state = CASE WHEN v.verdict = 'settled' AND s.cancel_state IS NOT NULL THEN 'refused' ELSE s.cancel_state END
      FROM v JOIN locked l USING (withdrawal_id) WHERE s.withdrawal_id = v.withdrawal_id
    RETURNING s.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id, s.venue_reference, s.block_number, s.confirmations, v.verdict,
              l.cancel_state IN ('wished','asked') AS cancel_pending)
  SELECT ${TRACE_COLUMNS}, ${BLOCK_COLUMNS}, s.venue_reference, s.verdict, coalesce(s.cancel_pending, false) AS cancel_pending FROM s`;

/** A submission accepted more recently keeps the past due time, and is polled every round. */
export const RESCHEDULED_AFTER_MS = 30_000;

export const RESCHEDULE = `
  UPDATE submission SET next_action_at = clock_timestamp() + least(greatest((clock_timestamp() - accepted_at) / 4, interval '2 seconds'), interval '2 minutes')
   WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('venue_settled')}`;

export const LISTED = `
  UPDATE submission SET listed_at = clock_timestamp(), not_listed_at = NULL WHERE withdrawal_id = ANY ($1::uuid[]) AND listed_at IS NULL`;

/** Marks submissions never listed: a person may decide from now on. */
export const NOT_LISTED = `
  UPDATE submission SET not_listed_at = clock_timestamp()
   WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('venue_settled')} AND listed_at IS NULL AND not_listed_at IS NULL`;
