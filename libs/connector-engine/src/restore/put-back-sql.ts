import { attemptNumber, COUNT_ATTEMPTS } from '../attempts/attempt-numbers-sql.js';
import {
  SENT_THIS_HOUR,
  SENT_TODAY,
  START_OF_DAY,
  START_OF_HOUR,
} from '../ceilings/sent-total-sql.js';
import { from, to } from '../rows/state-sql.js';

const GIVEN = `json_to_recordset($1::json) AS r(client_reference text, withdrawal_id uuid, attempt int, form text, request text, request_seal text, gross numeric, evidence jsonb, venue_time timestamptz, age_ms float8)`;
const SENT_AT = `clock_timestamp() - r.age_ms * interval '1 millisecond'`;

/**
 * Rows about to be sent although their requests were already sent. Of equal payments none is
 * returned while another has no outcome.
 */
export const LOST_INTENTS = `
  SELECT s.withdrawal_id, s.attempt, s.client_reference, s.form, s.equality_key
    FROM submission s JOIN ${GIVEN} ON r.client_reference = s.client_reference AND r.form = s.form
   WHERE s.state ${from('claimed')} AND s.attempt <= r.attempt
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','repeating','unknown','undecided')))
   ORDER BY s.seq FOR UPDATE OF s`;

// Restores the row as left by the claim, with an expired lease: the lease sweep marks the row
// unknown, and look-ups decide.
export const PUT_BACK = `
  WITH r AS (SELECT * FROM ${GIVEN}),
  s AS (
    UPDATE submission s
       SET state = ${to('claimed')}, gross = r.gross, lease_owner = $2, lease_token = nextval('lease_token'), lease_until = clock_timestamp(), next_action_at = clock_timestamp(),
           submitted_at = coalesce(s.submitted_at, ${SENT_AT}), given_up_at = NULL, empty_lookups = 0, covering_lookups = 0,
           venue_time = least(s.venue_time, r.venue_time), last_venue_time = greatest(s.last_venue_time, r.venue_time)
      FROM r WHERE s.withdrawal_id = r.withdrawal_id
    RETURNING s.withdrawal_id, s.asset, s.attempt, s.client_reference, s.lease_token, s.gross),
  counted AS (
    UPDATE sent_total c
       SET hour = ${START_OF_HOUR}, hour_amount = g.gross + ${SENT_THIS_HOUR},
           day = ${START_OF_DAY}, day_amount = g.gross + ${SENT_TODAY}
      FROM (SELECT asset, sum(gross) AS gross FROM s WHERE attempt = 1 GROUP BY asset) g WHERE c.asset = g.asset
    RETURNING 1),
  counter AS (${COUNT_ATTEMPTS('(SELECT count(*) FROM s) + 0 * (SELECT count(*) FROM counted)')})
  INSERT INTO attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, put_back_at, serial_number)
  SELECT s.withdrawal_id, s.attempt, ${to('claimed')}, s.client_reference, r.request, r.request_seal, s.gross, r.evidence, s.lease_token, ${SENT_AT}, r.venue_time, clock_timestamp(), ${attemptNumber('s.withdrawal_id')}
    FROM s JOIN r USING (withdrawal_id)`;

/**
 * Marks unsent orders ($1) for a look-up before the send, after a pause ($2). $3: the order was
 * sent, so neither a deadline nor a cancel may end the order before the look-up; further look-ups
 * follow after a minute. $4: form whose
 * other waiting orders with a seal older than $5 are marked, too; null: no others.
 */
export const LOOK_UP_FIRST = `
  UPDATE submission s
     SET lookup_first = true, unconfirmed = s.unconfirmed OR $3, next_action_at = clock_timestamp() + CASE WHEN $3 AND s.unsent_seal LIKE 'looked up%' THEN interval '1 minute' ELSE $2 * interval '1 millisecond' END
   WHERE s.state ${from('claimed')} AND NOT s.lookup_first
     AND (s.withdrawal_id = ANY ($1::uuid[])
       OR s.withdrawal_id IN (
         SELECT o.withdrawal_id FROM submission o
          WHERE o.form = $4::text AND o.state ${from('claimed')} AND NOT o.lookup_first AND o.next_action_at <= clock_timestamp()
            AND split_part(o.unsent_seal, '~', 2) COLLATE "C" < $5::text
          ORDER BY coalesce(o.ordered_at, o.created_at), o.seq LIMIT 500))`;

/**
 * Updates submissions with a lost repeat: the venue may act on the request for longer than the row
 * states.
 */
export const SENT_LATER = `
  UPDATE submission s
     SET last_venue_time = r.venue_time, empty_lookups = 0, covering_lookups = 0,
         given_up_at = CASE WHEN s.state IN ('unknown','undecided') THEN greatest(s.given_up_at, ${SENT_AT}) ELSE s.given_up_at END
    FROM ${GIVEN}
   WHERE s.client_reference = r.client_reference AND s.form = r.form AND s.state IN ('sending','repeating','unknown','undecided') AND s.last_venue_time < r.venue_time`;
