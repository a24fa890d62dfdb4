// Only withdrawals older than a minute count as compared: a late commit may have a lower number.
const OLD_ENOUGH = "interval '60 seconds'";
const EVERY = "interval '60 seconds'";
/** Pause while new requests wait for lost withdrawals. */
const SOON = "interval '5 seconds'";

const COMPARED = `w.id, w.number::text AS number, w.state, w.currency, w.network, w.amount::text AS amount, w.fee::text AS fee, w.venue, w.tried, w.timed_receipt IS NOT NULL AS assigned,
  w.returned_amount::text AS returned_amount, CASE WHEN w.venue_fee_recorded THEN w.venue_fee::text END AS venue_fee`;

export const RUN_IS_DUE =
  'EXISTS (SELECT FROM ledger_comparison WHERE next_run_at <= clock_timestamp())';

export const TAKE_RUN = `
  UPDATE ledger_comparison
     SET next_run_at = clock_timestamp() + CASE WHEN EXISTS (SELECT FROM life WHERE behind) THEN ${SOON} ELSE ${EVERY} END
   WHERE next_run_at <= clock_timestamp()
  RETURNING compared_at`;

export const RUN_NOW = 'UPDATE ledger_comparison SET next_run_at = clock_timestamp()';

/** Next withdrawals by number. */
export const FRESH = `
  SELECT ${COMPARED} FROM withdrawal w
   WHERE w.number > $1 AND w.requested_at < clock_timestamp() - ${OLD_ENOUGH} ORDER BY w.number LIMIT $2`;

export const UNSETTLED = `
  SELECT ${COMPARED} FROM ledger_unsettled u JOIN withdrawal w ON w.id = u.withdrawal_id
   WHERE $1::uuid IS NULL OR u.withdrawal_id > $1 ORDER BY u.withdrawal_id LIMIT $2`;

/** Next withdrawals of the sweep, newest first. */
export const SWEPT = `
  SELECT ${COMPARED} FROM withdrawal w WHERE $1::bigint IS NULL OR w.number < $1 ORDER BY w.number DESC LIMIT $2`;

/** Current state of the given withdrawals. */
export const NAMED = `SELECT ${COMPARED} FROM withdrawal w WHERE w.id = ANY ($1::uuid[])`;

export const COMPARED_TO =
  'UPDATE ledger_comparison SET compared_to = greatest(compared_to, $1::bigint)';

export const SWEPT_TO = 'UPDATE ledger_comparison SET swept_to = $1::bigint, sweep_urgent = $2';

export const SWEEP_ALL_NOW =
  'UPDATE ledger_comparison SET swept_to = NULL, sweep_urgent = true, next_run_at = clock_timestamp()';

export const RUN_ENDED = 'UPDATE ledger_comparison SET compared_at = clock_timestamp()';

/** Stores differences; returns the ids of new ones, also of those resolved before. */
export const KEEP_DIFFERENCES = `
  INSERT INTO ledger_difference AS d (withdrawal_id, kind, detail)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (withdrawal_id, kind, detail)
  ON CONFLICT (withdrawal_id) DO UPDATE
     SET kind = excluded.kind, detail = excluded.detail, found_at = clock_timestamp(), resolved_at = NULL,
         requested_by = NULL, approved_by = NULL, evidence = NULL, answer = NULL
   WHERE d.resolved_at IS NOT NULL
  RETURNING withdrawal_id`;

export const RESOLVE = `
  UPDATE ledger_difference SET resolved_at = clock_timestamp() WHERE withdrawal_id = ANY ($1::uuid[]) AND resolved_at IS NULL`;

export const KEEP_UNSETTLED =
  'INSERT INTO ledger_unsettled SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING';

export const FORGET_SETTLED = 'DELETE FROM ledger_unsettled WHERE withdrawal_id = ANY ($1::uuid[])';

export const HEADS =
  'SELECT shard, sequence::text AS sequence, hash, key, signature FROM ledger_head ORDER BY ledger_head.shard';

export const KEEP_HEADS = `
  INSERT INTO ledger_head (shard, sequence, hash, key, signature)
  SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
  ON CONFLICT (shard) DO UPDATE
     SET sequence = excluded.sequence, hash = excluded.hash, key = excluded.key, signature = excluded.signature
   WHERE (ledger_head.sequence, ledger_head.hash) IS DISTINCT FROM (excluded.sequence, excluded.hash)`;

/** Prevents a second halt for the same reason while a halt is in force. */
export const IS_HALTED =
  'SELECT FROM halt WHERE reason = $1 AND target IS NULL AND lifted_at IS NULL';
