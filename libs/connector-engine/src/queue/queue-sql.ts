import { HALTED } from '../halt/halt-sql.js';
import { EQUAL_IS_LOOKED_UP, LOOKED_UP_FIRST, MAY_BE_PAID } from '../record/record-sql.js';
import { from, to } from '../postgres/state-sql.js';
import { TRACE_COLUMNS } from '../wire.js';

/** The oldest order first, whatever partition brought it when: a backlog is paid as it was asked for. */
const IN_ORDER = 'coalesce(s.ordered_at, s.created_at), s.seq';

// $3: the endpoint whose lanes pace this form by $4 (null: it has none). What waits for its lane does not stand in the way of others.
export const PEEK = `
  SELECT s.withdrawal_id, s.asset, s.amount::text, s.destination, s.client_reference, s.equality_key,
         s.account_id, s.fee::text, s.digest, s.not_after, s.order_mac, s.hold_receipt, s.attempt,
         CASE WHEN s.attempt > 1 THEN ARRAY(SELECT a.nothing_moved_seal FROM attempt a WHERE a.withdrawal_id = s.withdrawal_id AND a.number < s.attempt ORDER BY a.number) END AS earlier
    FROM submission s
   WHERE s.form = $1 AND s.state ${from('claimed')} AND s.next_action_at <= clock_timestamp() AND NOT ${HALTED} AND NOT ${LOOKED_UP_FIRST} AND NOT s.unconfirmed
     AND NOT ${EQUAL_IS_LOOKED_UP}
     AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp())
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','unknown','undecided')))
     AND NOT EXISTS (
       SELECT FROM rate_slot r
        WHERE r.endpoint = $3::text || ' ' || CASE $4::text WHEN 'asset' THEN s.asset WHEN 'currency' THEN split_part(s.asset, '.', 1) END
          AND r.next_free_at > clock_timestamp() + interval '100 milliseconds')
   ORDER BY ${IN_ORDER} LIMIT $2`;

// One statement: locks what is still prepared, marks it, and stores the intent with the exact request. The unique index on
// equal payments refuses the whole statement when another instance was quicker with an equal payment; the worker then looks again.
// left_ms: what is left of the time it had to begin. $4: the venue's time, at the earliest, before any byte leaves; it bounds every later look-up.
export const CLAIM = `
  WITH ready AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, request text, request_seal text, gross numeric, evidence jsonb)),
  due AS (
    SELECT s.withdrawal_id, r.request, r.request_seal, r.gross, r.evidence, nextval('lease_token') AS token, s.not_after
      FROM submission s JOIN ready r USING (withdrawal_id)
     WHERE s.state ${from('claimed')} AND s.attempt = r.attempt AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp()) AND NOT ${HALTED} AND NOT ${LOOKED_UP_FIRST} AND NOT s.unconfirmed
       AND NOT ${EQUAL_IS_LOOKED_UP}
     ORDER BY ${IN_ORDER} FOR UPDATE OF s SKIP LOCKED),
  claimed AS (
    UPDATE submission s
       SET state = ${to('claimed')}, gross = due.gross, lease_owner = $2, lease_token = due.token,
           lease_until = clock_timestamp() + $3 * interval '1 millisecond', next_action_at = clock_timestamp() + $3 * interval '1 millisecond',
           submitted_at = clock_timestamp(), given_up_at = NULL, empty_lookups = 0, covering_lookups = 0,
           venue_time = least(s.venue_time, $4::timestamptz), last_venue_time = greatest(s.last_venue_time, $4::timestamptz)
      FROM due WHERE s.withdrawal_id = due.withdrawal_id
    RETURNING s.withdrawal_id, coalesce(s.ordered_at, s.created_at) AS ordered, s.seq, s.attempt, s.client_reference, s.lease_token, due.request, due.request_seal, due.gross, due.evidence, due.not_after),
  intent AS (
    INSERT INTO attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, venue_time)
    SELECT withdrawal_id, attempt, ${to('claimed')}, client_reference, request, request_seal, gross, evidence, lease_token, $4 FROM claimed)
  SELECT withdrawal_id, lease_token::text, (extract(epoch FROM not_after - clock_timestamp()) * 1000)::float8 AS left_ms FROM claimed ORDER BY ordered, seq`;

export const REFUSE_PREPARED = `
  UPDATE submission s SET state = ${to('not_payable')}, reason = r.reason, next_action_at = NULL, finished_at = now()
    FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, reason text, message text)
   WHERE s.withdrawal_id = r.withdrawal_id AND s.state ${from('not_payable')} AND NOT s.lookup_first
  RETURNING ${TRACE_COLUMNS}, r.reason, r.message`;

export const POSTPONE = `
  UPDATE submission SET next_action_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('claimed')}`;

// A prepared row has nothing under way: every earlier attempt ended with the proof that it moved nothing. One that
// may have been paid before it was sent from here waits for its look-up.
export const WITHDRAW_DUE = `
  UPDATE submission s
     SET state = ${to('withdrawn')}, next_action_at = NULL, finished_at = now(), reason = CASE WHEN s.cancel_state = 'wished' THEN 'cancelled' ELSE 'expired' END
   WHERE s.withdrawal_id IN (
           SELECT s.withdrawal_id FROM submission s
            WHERE s.state ${from('withdrawn')} AND (s.cancel_state = 'wished' OR s.not_after <= clock_timestamp()) AND NOT ${MAY_BE_PAID}
            ORDER BY s.seq LIMIT 1000 FOR UPDATE SKIP LOCKED)
  RETURNING ${TRACE_COLUMNS}, s.reason`;

export const EXPIRE_LEASES = `
  WITH late AS (
    SELECT withdrawal_id, unknown_published FROM submission WHERE state ${from('outcome_unknown')} AND lease_until < clock_timestamp() ORDER BY seq LIMIT 1000 FOR UPDATE SKIP LOCKED),
  s AS (
    UPDATE submission s
       SET state = ${to('outcome_unknown')}, lease_owner = NULL, lease_token = NULL, lease_until = NULL, given_up_at = clock_timestamp(), next_action_at = clock_timestamp(), unknown_published = true
      FROM late WHERE s.withdrawal_id = late.withdrawal_id
    RETURNING s.*, NOT late.unknown_published AS is_first),
  tries AS (
    UPDATE attempt a SET state = ${to('outcome_unknown')}, cause = 'no outcome was stored before the lease ended'
      FROM s WHERE a.withdrawal_id = s.withdrawal_id AND a.number = s.attempt)
  SELECT ${TRACE_COLUMNS}, s.is_first FROM s`;
