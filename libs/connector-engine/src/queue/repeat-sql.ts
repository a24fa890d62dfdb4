import { haltedSql } from '../halt/halt-sql.js';
import { permittedSql } from '../permits/permit-sql.js';
import { from, to } from '../rows/state-sql.js';

/**
 * True if an unknown submission `s` is repeated next. Repeats happen while the venue remembers the
 * key, up to the limit, and alternate with look-ups in the records. No repeat follows a cancel
 * request or the deadline. Placeholders: `$2` (maximum repeats) and `$3` (milliseconds since the
 * first attempt).
 */
export const REPEAT_IS_NEXT = `
  (s.state ${from('repeated')} AND NOT s.unconfirmed AND s.resends < $2::int AND s.resends <= s.empty_lookups
   AND s.cancel_state IS DISTINCT FROM 'wished' AND (s.not_after IS NULL OR s.not_after > clock_timestamp())
   AND (SELECT min(first.intended_at) FROM attempt first WHERE first.withdrawal_id = s.withdrawal_id) > clock_timestamp() - $3::float8 * interval '1 millisecond')`;

export const REPEATS_DUE = `
  SELECT count(*)::int AS due FROM (
    SELECT FROM submission s WHERE s.form = $1 AND s.next_action_at <= clock_timestamp() AND ${REPEAT_IS_NEXT} AND NOT ${haltedSql('$5')} AND ${permittedSql('$6')} LIMIT $4) d`;

// Repeats the attempt's own intent: same bytes, same key. $7: earliest venue time before the repeat
// leaves; the venue may act on the repeat later than on the first request. During a repeat no
// decision is possible, and the lease ends like any other.
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
    RETURNING s.withdrawal_id, s.client_reference, s.account_id, s.asset, s.attempt, s.lease_token, s.traceparent)
  SELECT c.withdrawal_id, c.client_reference, c.account_id, c.lease_token::text AS token, a.number, a.request, a.request_seal, c.asset, a.gross::text, a.evidence, c.traceparent
    FROM claimed c JOIN attempt a ON a.withdrawal_id = c.withdrawal_id AND a.number = c.attempt`;
