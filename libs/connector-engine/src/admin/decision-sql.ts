import type { SubmissionState } from '@sluice/connector-rules';
import type { RecipientColumns } from '../rows/state-sql.js';
import { FITS_ORDER, MAY_BE_OF_ORDER } from '../rows/unclaimed-sql.js';
import { REPORTABLE_NOW } from '../sent/reportable-now.js';
import {
  BLOCK_COLUMNS,
  TRACE_COLUMNS,
  type BlockColumns,
  type Trace,
} from '../wire/event-writer.js';

export interface DecidableRow extends Trace, RecipientColumns, BlockColumns {
  state: SubmissionState;
  form: string;
  attempt: number;
  amount: string;
  gross: string;
  client_reference: string;
  venue_reference: string | null;
  tx_hash: string | null;
  venue_fee: string | null;
  cancel_wished: boolean;
  venue_time: Date;
  last_venue_time: Date;
  silent_ms: number;
  correctable: boolean;
  /** True if an unclaimed record may belong to the order, which this connector did not send. */
  suspected: boolean;
  /** Time of the last restore of the database, and the milliseconds since; null without one. */
  went_back_at: Date | null;
  went_back_ms: number | null;
}

export const ROW = `
  SELECT ${TRACE_COLUMNS}, ${BLOCK_COLUMNS}, s.state, s.form, s.attempt, s.asset, s.amount::text, s.destination,
         coalesce(s.gross::text, (SELECT min(u.gross) FROM unclaimed_record u WHERE u.gross <> '(none)' AND ${MAY_BE_OF_ORDER}), s.amount::text) AS gross, s.client_reference, s.venue_reference,
         s.tx_hash, s.venue_fee::text, s.cancel_state IS NOT DISTINCT FROM 'wished' AS cancel_wished,
         coalesce(s.venue_time, (SELECT min(u.created_at) FROM unclaimed_record u WHERE ${MAY_BE_OF_ORDER}), s.created_at) AS venue_time,
         coalesce(s.last_venue_time, clock_timestamp()) AS last_venue_time, s.state = 'prepared' AND s.lookup_first AND s.unknown_published AS suspected,
         (SELECT h.went_back_at FROM heartbeat h) AS went_back_at, (SELECT extract(epoch FROM clock_timestamp() - h.went_back_at) * 1000 FROM heartbeat h)::float8 AS went_back_ms,
         coalesce(extract(epoch FROM clock_timestamp() - coalesce(s.given_up_at, s.accepted_at)) * 1000, 0)::float8 AS silent_ms,
         s.listed_at IS NULL AND s.tx_hash IS NULL
           AND (s.not_listed_at IS NOT NULL OR EXISTS (SELECT FROM decision d WHERE d.withdrawal_id = s.withdrawal_id)) AS correctable
    FROM submission s WHERE s.withdrawal_id = $1`;

/** Only the amount of a return; the state follows by `MOVE`. */
export const RETURNED_AMOUNT = `
  UPDATE submission SET returned_amount = $2, reason = 'decided_returned' WHERE withdrawal_id = $1`;

export const TAKEN = `
  SELECT FROM submission
   WHERE form = (SELECT form FROM submission WHERE withdrawal_id = $1) AND venue_reference = $2 AND withdrawal_id <> $1`;

// A submission with other terms may hold the reference of this order after swapped responses.
export const OF_EQUAL_ORDERS = `
  SELECT e.venue_reference
    FROM submission s JOIN submission e ON (e.form, e.asset, e.amount, e.destination) = (s.form, s.asset, s.amount, s.destination)
   WHERE s.withdrawal_id = $1 AND e.withdrawal_id <> $1 AND e.venue_reference = ANY ($2::text[])`;

// Hash and fee belong to the record that the reference names. $4: state of the attempt.
export const MOVE = `
  UPDATE submission SET state = $2, attempt_state = CASE WHEN begun = attempt THEN $4 ELSE attempt_state END, venue_reference = coalesce($3, venue_reference), next_action_at = NULL,
         tx_hash = CASE WHEN $3 <> venue_reference THEN NULL ELSE tx_hash END, venue_fee = CASE WHEN $3 <> venue_reference THEN NULL ELSE venue_fee END, received = CASE $2 WHEN 'returned' THEN received END,
         finished_at = CASE WHEN $2 IN ('settled','failed','refused') THEN ${REPORTABLE_NOW} WHEN $2 = 'returned' THEN finished_at END
   WHERE withdrawal_id = $1`;

// An order not sent from this connector takes gross and time from the unclaimed record.
export const ADOPTED = `
  UPDATE submission s
     SET accepted_at = clock_timestamp(), next_action_at = clock_timestamp(), not_listed_at = NULL, lookup_first = false,
         gross = coalesce(s.gross, nullif(u.gross, '(none)')::numeric, s.amount), submitted_at = coalesce(s.submitted_at, clock_timestamp()),
         venue_time = coalesce(s.venue_time, u.created_at, s.created_at), last_venue_time = coalesce(s.last_venue_time, u.created_at, clock_timestamp())
    FROM (SELECT 1) one LEFT JOIN unclaimed_record u ON u.venue_reference = (SELECT venue_reference FROM submission WHERE withdrawal_id = $1)
   WHERE s.withdrawal_id = $1`;

// Closes the records that matched this order, except records without a recipient.
export const NOT_THIS_ORDER = `
  UPDATE unclaimed_record u SET closed_at = clock_timestamp(), closed_because = 'a person decided that it is not ' || s.withdrawal_id
    FROM submission s WHERE s.withdrawal_id = $1 AND ${FITS_ORDER}`;
