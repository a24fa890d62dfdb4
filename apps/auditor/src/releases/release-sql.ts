const HOLD = `json_build_object('withdrawal_id', h.withdrawal_id, 'account_id', h.account_id, 'asset', h.asset, 'amount', h.amount::text, 'venue', h.venue,
  'state', h.state, 'placed_at', h.placed_at, 'ended_at', h.ended_at)`;

/**
 * Judges released holds: the venue that was allowed to pay must have stated that nothing was paid. A
 * hold without a venue needs no statement. `$1`: moment up to which every message is known.
 *
 * A hold is judged only if its connector signed for the auditor from three minutes before the hold
 * until a minute before its end: otherwise the auditor may lack messages of the connector.
 */
export const JUDGE_RELEASES = `
  WITH due AS (
    SELECT h.*, h.venue IS NULL OR h.digest IS NULL OR EXISTS (
             SELECT FROM audited_refusal r
              WHERE r.withdrawal_id = h.withdrawal_id AND r.venue = h.venue AND coalesce(r.digest, h.digest) = h.digest) AS is_proven,
           coalesce(h.placed_at >= c.signed_since + interval '3 minutes' AND h.ended_at <= c.signed_until + interval '1 minute', false) AS is_signed
      FROM audited_hold h LEFT JOIN audited_connector c ON c.venue = h.venue
     WHERE h.state = 'released' AND h.release_judged_at IS NULL AND h.ended_seen_at < $1
     ORDER BY h.ended_seen_at LIMIT 10000),
  judged AS (
    UPDATE audited_hold SET release_judged_at = clock_timestamp()
     WHERE withdrawal_id IN (SELECT withdrawal_id FROM due WHERE is_proven OR is_signed OR ended_seen_at < clock_timestamp() - interval '10 minutes'))
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT 'released_without_proof', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'statement_of_the_connector', NULL), h.ended_at
    FROM due h WHERE is_signed AND NOT is_proven ORDER BY h.withdrawal_id
  ON CONFLICT DO NOTHING`;

/**
 * A refused command shows that the ledger gave a hold back without an event: the event would have come
 * first, because the events of an account have one order. `$1` as above.
 */
export const JUDGE_REFUSED_COMMANDS = `
  INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
  SELECT DISTINCT ON (h.withdrawal_id) 'released_without_proof', 'account', h.account_id::text, h.withdrawal_id::text,
         json_build_object('hold', ${HOLD}, 'refused_command', c.command, 'reason', c.reason, 'refused_at', c.refused_at), c.refused_at
    FROM audited_command_refusal c JOIN audited_hold h ON h.withdrawal_id = c.withdrawal_id
   WHERE h.state = 'placed' AND c.seen_at < $1
   ORDER BY h.withdrawal_id, c.id
  ON CONFLICT DO NOTHING`;
