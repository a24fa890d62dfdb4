import { LOOKED_UP_FIRST, SHARES_UNNAMED_RECORD } from '../rows/unclaimed-sql.js';

/** Facts of waiting submissions `s`. The cause of a postponement counts until the next try is over. */
const FACTS = `
  SELECT s.withdrawal_id, s.digest, s.state, s.form, s.venue_reference, s.asset, s.account_id, s.key_id, s.not_listed_at IS NOT NULL AS is_unlisted,
         s.state = 'prepared' AND ${LOOKED_UP_FIRST} AS is_looked_up, s.state = 'prepared' AND s.unconfirmed AS is_unconfirmed, s.unknown_published AS is_published,
         CASE WHEN s.next_action_at > clock_timestamp() - interval '5 seconds' THEN s.postponed_for END AS postponed,
         t.withdrawal_id AS behind, t.state AS behind_state
    FROM submission s
    LEFT JOIN LATERAL (
      (SELECT t.withdrawal_id, t.state FROM submission t
        WHERE s.state = 'prepared' AND t.form = s.form AND t.equality_key = s.equality_key AND t.withdrawal_id <> s.withdrawal_id
          AND (t.state IN ('sending','refusing','unknown','undecided') OR (t.state = 'prepared' AND t.lookup_first))
        LIMIT 1)
      UNION ALL
      (SELECT t.withdrawal_id, t.state FROM submission t WHERE s.state = 'prepared' AND ${SHARES_UNNAMED_RECORD} LIMIT 1)
      LIMIT 1) t ON true`;

export const FACTS_OF = `${FACTS} WHERE s.withdrawal_id = $1`;

/** Submissions not sent for $1 milliseconds, the oldest first; $2: at most. */
export const FACTS_OF_WAITING = `
  ${FACTS} WHERE s.state = 'prepared' AND s.created_at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY s.seq LIMIT $2`;

export const PAUSES = `
  SELECT endpoint, pause_cause AS cause, pause_until AS until FROM rate_slot
   WHERE pause_until > clock_timestamp() AND next_free_at > clock_timestamp() AND pause_cause IS NOT NULL ORDER BY pause_until DESC`;

export const AHEAD = `
  SELECT count(*)::int AS ahead FROM submission a JOIN submission s ON a.form = s.form
   WHERE s.withdrawal_id = $1 AND s.state = 'prepared' AND a.state = 'prepared'
     AND (coalesce(a.ordered_at, a.created_at), a.seq) < (coalesce(s.ordered_at, s.created_at), s.seq)`;
