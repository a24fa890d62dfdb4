import { HALT_ENDS, inForceSql } from '@sluice/service-shell';
import { beginAttempt } from '../attempts/attempt-columns.js';
import {
  countAttempts,
  LOCKED_SENDING,
  nextNumber,
  NUMBERING,
} from '../attempts/attempt-numbers.js';
import { SENT_THIS_HOUR, SENT_TODAY, sumsOf } from '../ceilings/ceilings.js';
import { permittedSql } from '../permits/permit-watch.js';
import { from, POSTPONED, to } from '../rows/state-sql.js';
import { EQUAL_IS_LOOKED_UP, LOOKED_UP_FIRST, MAY_BE_PAID } from '../rows/unclaimed-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';

/** Oldest order first, regardless of partition and time of receipt. */
const ORDERED = 'coalesce(s.ordered_at, s.created_at)';
const IN_ORDER = `${ORDERED}, s.seq`;

// The last two placeholders of each claim: the halts with a verified lift, and the permit.
const MAY_BE_SENT_AT_PEEK = `NOT ${haltedSql('$5')} AND ${permittedSql('$6')}`;
export const MAY_BE_SENT_AT_CLAIM = `NOT ${haltedSql('$6')} AND ${permittedSql('$7')}`;

/**
 * CTEs shared by the statements that begin attempts. `remaining`: rest of the ceilings by asset
 * ($5), under the lock of the sums.
 */
export const remainingSql = (assetsSql: string): string => `${LOCKED_SENDING},
  remaining AS (
    SELECT k.key AS asset, (k.value ->> 'call')::numeric AS call, (k.value ->> 'hour')::numeric - ${SENT_THIS_HOUR} AS hour, (k.value ->> 'day')::numeric - ${SENT_TODAY} AS day
      FROM locked CROSS JOIN json_each($5::json) k CROSS JOIN LATERAL ${sumsOf('locked', 'k.key')} WHERE k.key IN (${assetsSql}))`;
/** Newest halt that the statement sees. */
export const NEWEST_HALT = '(SELECT coalesce(max(id), 0) FROM halt)';
/** Columns of a begun row, for the caller that committed it. */
export const begunColumns = (alias: string): string => `
  ${alias}.lease_token::text AS lease_token, (extract(epoch FROM ${alias}.not_after - clock_timestamp()) * 1000)::float8 AS left_ms`;

// $3: endpoint with lanes by $4 (null: none). A submission waiting for its lane blocks no other.
export const PEEK = `
  SELECT s.withdrawal_id, s.asset, s.amount::text, s.destination, s.client_reference, s.equality_key,
         s.account_id, s.fee::text, s.digest, s.not_after, s.order_mac, s.timed_receipt, s.signer_receipt, s.attempt, s.unsent_seal,
         CASE WHEN s.attempt > 1 THEN ARRAY(SELECT a.nothing_moved_seal FROM attempt a WHERE a.withdrawal_id = s.withdrawal_id AND a.number < s.attempt ORDER BY a.number) END AS earlier
    FROM submission s
   WHERE s.form = $1 AND s.state ${from('claimed')} AND s.next_action_at <= clock_timestamp() AND ${MAY_BE_SENT_AT_PEEK} AND NOT ${LOOKED_UP_FIRST} AND NOT s.unconfirmed
     AND NOT ${EQUAL_IS_LOOKED_UP}
     AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp())
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','unknown','undecided')))
     AND NOT EXISTS (
       SELECT FROM rate_slot r
        WHERE r.endpoint = $3::text || ' ' || CASE $4::text WHEN 'asset' THEN s.asset WHEN 'currency' THEN split_part(s.asset, '.', 1) END
          AND r.next_free_at > clock_timestamp() + interval '100 milliseconds')
   ORDER BY ${IN_ORDER} LIMIT $2`;

// Locks the rows still prepared, marks them, and stores the intent with the exact request. The
// unique index on equal payments refuses the statement if another instance was faster. A submission
// above a ceiling ($5, by asset) stays, and is returned with `above`; only first attempts count.
// $4: the earliest venue time, which bounds every later look-up. left_ms: time to the deadline.
export const CLAIM = `
  WITH ready AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, attempt int, request text, request_seal text, gross numeric, evidence jsonb)),
  due AS (
    SELECT s.withdrawal_id, s.asset, s.attempt, ${ORDERED} AS ordered, s.seq, r.request, r.request_seal, r.gross, r.evidence, nextval('lease_token') AS token, s.not_after
      FROM submission s JOIN ready r USING (withdrawal_id)
     WHERE s.state ${from('claimed')} AND s.attempt = r.attempt AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp()) AND ${MAY_BE_SENT_AT_CLAIM} AND NOT ${LOOKED_UP_FIRST} AND NOT s.unconfirmed
       AND NOT ${EQUAL_IS_LOOKED_UP}
     ORDER BY ${IN_ORDER} FOR UPDATE OF s SKIP LOCKED),
${remainingSql('SELECT asset FROM due')},
  judged AS (
    SELECT d.*, CASE WHEN d.hour IS NULL THEN 'none' WHEN d.gross > d.call THEN 'call' WHEN d.so_far > d.hour THEN 'hour' WHEN d.so_far > d.day THEN 'day' END AS above
      FROM (SELECT due.*, r.call, r.hour, r.day, sum(CASE WHEN due.attempt = 1 AND due.gross <= r.call THEN due.gross ELSE 0 END) OVER (PARTITION BY asset ORDER BY ordered, seq) AS so_far
              FROM due LEFT JOIN remaining r USING (asset)) d),
  later AS (
    UPDATE submission s SET next_action_at = clock_timestamp() + interval '1 minute', postponed_for = 'it is above the ceiling of ' || CASE j.above WHEN 'call' THEN 'one payment' ELSE 'the ' || j.above END FROM judged j WHERE j.above IS NOT NULL AND s.withdrawal_id = j.withdrawal_id),
  numbered AS (
    SELECT j.*, ${nextNumber('ORDER BY ordered, seq')} AS serial_number FROM judged j WHERE above IS NULL),
  claimed AS (
    UPDATE submission s
       SET state = ${to('claimed')}, gross = due.gross, postponed_for = NULL, lease_owner = $2, lease_token = due.token,
           lease_until = clock_timestamp() + $3 * interval '1 millisecond', next_action_at = clock_timestamp() + $3 * interval '1 millisecond',
           submitted_at = clock_timestamp(), given_up_at = NULL, empty_lookups = 0, covering_lookups = 0,
           venue_time = least(s.venue_time, $4::timestamptz), last_venue_time = greatest(s.last_venue_time, $4::timestamptz),
           ${beginAttempt('due', { intendedAt: 'now()', venueTime: '$4', haltSeen: NEWEST_HALT, putBackAt: 'NULL' })}
      FROM numbered due WHERE s.withdrawal_id = due.withdrawal_id
    RETURNING s.withdrawal_id, s.asset, ${ORDERED} AS ordered, s.seq, s.lease_token, s.traceparent, s.not_after),
  numbering AS (${NUMBERING}),${countAttempts('claimed', 'judged WHERE above IS NULL AND attempt = 1')}
  SELECT withdrawal_id, asset, ${begunColumns('b')}, NULL AS above, ordered, seq, NULL AS moment, traceparent, (SELECT beats::float8 FROM heartbeat) AS beats, (SELECT row_to_json(n) FROM numbering n) AS numbering, (SELECT before::float8 FROM counter) AS before FROM claimed b
  UNION ALL
  SELECT withdrawal_id, asset, NULL, NULL, above, ordered, seq, date_trunc(CASE above WHEN 'day' THEN 'day' ELSE 'hour' END, clock_timestamp(), 'UTC')::text, NULL, (SELECT beats::float8 FROM heartbeat), (SELECT row_to_json(n) FROM numbering n), NULL FROM judged WHERE above IS NOT NULL
  ORDER BY ordered, seq`;

export const REFUSE_PREPARED = `
  UPDATE submission s SET state = ${to('not_payable')}, reason = r.reason, next_action_at = NULL, finished_at = now()
    FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, reason text, message text)
   WHERE s.withdrawal_id = r.withdrawal_id AND s.state ${from('not_payable')} AND NOT s.lookup_first
  RETURNING ${TRACE_COLUMNS}, r.reason, r.message`;

export const POSTPONE = `
  UPDATE submission SET ${POSTPONED} WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${from('claimed')}`;

// A prepared row has no request under way, unless it was possibly paid: then it waits for its look-
// up.
export const WITHDRAW_DUE = `
  UPDATE submission s
     SET state = ${to('withdrawn')}, next_action_at = NULL, finished_at = now(), reason = CASE WHEN s.cancel_state = 'wished' THEN 'cancelled' ELSE 'expired' END
   WHERE s.withdrawal_id IN (
           SELECT s.withdrawal_id FROM submission s
            WHERE s.state ${from('withdrawn')} AND (s.cancel_state = 'wished' OR s.not_after <= clock_timestamp()) AND NOT ${MAY_BE_PAID}
            ORDER BY s.seq LIMIT 1000 FOR UPDATE SKIP LOCKED)
  RETURNING ${TRACE_COLUMNS}, s.reason, s.client_reference, s.attempt, s.unsent_seal`;

export const EXPIRE_LEASES = `
  WITH late AS (
    SELECT withdrawal_id, unknown_published FROM submission WHERE state ${from('outcome_unknown')} AND lease_until < clock_timestamp() ORDER BY seq LIMIT 1000 FOR UPDATE SKIP LOCKED),
  s AS (
    UPDATE submission s
       SET state = ${to('outcome_unknown')}, lease_owner = NULL, lease_token = NULL, lease_until = NULL, given_up_at = clock_timestamp(), next_action_at = clock_timestamp(), unknown_published = true,
           attempt_state = ${to('outcome_unknown')}, cause = 'no outcome was stored before the lease ended'
      FROM late WHERE s.withdrawal_id = late.withdrawal_id
    RETURNING s.*, NOT late.unknown_published AS is_first)
  SELECT ${TRACE_COLUMNS}, s.is_first FROM s`;

/**
 * True if an unknown submission `s` is repeated next: while the venue remembers the key, below $2
 * repeats and $3 ms since the first attempt, without cancel request or deadline.
 */
export const REPEAT_IS_NEXT = `
  (s.state ${from('repeated')} AND NOT s.unconfirmed AND s.resends < $2::int AND s.resends <= s.empty_lookups
   AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp())
   AND least(s.intended_at, (SELECT min(f.intended_at) FROM former_attempt f WHERE f.withdrawal_id = s.withdrawal_id)) > clock_timestamp() - $3::float8 * interval '1 millisecond')`;

export const REPEATS_DUE = `
  SELECT count(*)::int AS due FROM (
    SELECT FROM submission s WHERE s.form = $1 AND s.next_action_at <= clock_timestamp() AND ${REPEAT_IS_NEXT} AND NOT ${haltedSql('$5')} AND ${permittedSql('$6')} LIMIT $4) d`;

// Repeats the attempt's own bytes under the same key. $7: earliest venue time before the repeat
// leaves. During a repeat no decision is possible.
export const CLAIM_REPEATS = `
  WITH due AS (
    SELECT s.withdrawal_id FROM submission s
     WHERE s.form = $1 AND s.next_action_at <= clock_timestamp() AND ${REPEAT_IS_NEXT} AND NOT ${haltedSql('$8')} AND ${permittedSql('$9')}
     ORDER BY s.submitted_at LIMIT $4 FOR UPDATE OF s SKIP LOCKED),
  claimed AS (
    UPDATE submission s
       SET state = ${to('repeated')}, resends = s.resends + 1, lease_owner = $5, lease_token = nextval('lease_token'),
           lease_until = clock_timestamp() + $6 * interval '1 millisecond', next_action_at = clock_timestamp() + $6 * interval '1 millisecond',
           given_up_at = NULL, covering_lookups = 0, last_venue_time = greatest(s.last_venue_time, $7::timestamptz)
      FROM due WHERE s.withdrawal_id = due.withdrawal_id
    RETURNING s.*)
  SELECT withdrawal_id, client_reference, account_id, lease_token::text AS token, begun AS number, request, request_seal, asset, attempt_gross::text AS gross, evidence, traceparent FROM claimed`;

/**
 * True for a halted submission `s`, in every claim. `verified`: placeholder of the halts whose lift
 * this process has verified; a halt with a forged lift stays in force.
 */
function haltedSql(verified: string): string {
  const inForce = `SELECT FROM halt h WHERE ${inForceSql('h', HALT_ENDS, verified)}`;
  return `
  (EXISTS (${inForce})
   AND EXISTS (${inForce} AND (h.scope IN ('venue','all') OR (h.scope = 'asset' AND h.target = s.asset) OR (h.scope = 'account' AND h.target = s.account_id::text) OR (h.scope = 'key' AND h.target = s.key_id))))`;
}
