import type { Rights } from '@sluice/postgres';

const LEASE = 'lease_owner, lease_token, lease_until';
const TIMES =
  'next_action_at, submitted_at, given_up_at, accepted_at, finished_at, venue_time, last_venue_time, listed_at, not_listed_at';
const FINDINGS =
  'attempt, resends, gross, venue_reference, tx_hash, block_number, confirmations, venue_fee, reason, refusal, empty_lookups, covering_lookups, unknown_published, nothing_moved, fast_released_eur';
/**
 * Columns changed by a hand-over to a later withdrawal with the same reference. Account, asset,
 * amount and destination never change.
 */
const HANDED_OVER =
  'withdrawal_id, key_id, digest, fee, order_mac, hold_receipt, timed_receipt, signer_receipt, ordered_at, not_after, causation_id';

/**
 * Database rights of a running connector. The order of a submission, the request of an attempt,
 * cases and decisions are never changed; they are removed only by age (`CONNECTOR_RETENTION`).
 */
export const CONNECTOR_RIGHTS: Rights = {
  tables: {
    submission: `SELECT, INSERT, UPDATE (state, cancel_state, cancel_reason, lookup_first, unconfirmed, ${LEASE}, ${TIMES}, ${FINDINGS}, ${HANDED_OVER})`,
    attempt:
      'SELECT, INSERT, UPDATE (state, answered_at, response_status, response_body, cause, nothing_moved_seal)',
    submission_case: 'SELECT, INSERT',
    decision: 'SELECT, INSERT',
    halt: 'SELECT, INSERT, UPDATE (lifted_at, lifted_by, lift_approved_by, lift_evidence)',
    break: 'SELECT, INSERT, UPDATE (closed_at, closed_by, close_evidence)',
    venue_balance: 'SELECT, INSERT, UPDATE (total, expected, counted_to, exact_at, read_at)',
    venue_deposit: 'SELECT, INSERT',
    sent_total: 'SELECT, INSERT, UPDATE (hour, hour_amount, day, day_amount)',
    unclaimed_record:
      'SELECT, INSERT, UPDATE (equality_keys, venue_status, reported_at, closed_at, closed_because, reported_as)',
    record_cursor: 'SELECT, INSERT, UPDATE (read_through, read_at, deep_read_at)',
    venue_asset: 'SELECT, INSERT',
    rate_slot: 'SELECT, INSERT, UPDATE (interval_us, next_free_at, slowdown, slow_until)',
    worker_lease: 'SELECT, INSERT, UPDATE (owner, until), DELETE',
    sent_report: 'SELECT, UPDATE (reported_to)',
    heartbeat: 'SELECT, INSERT, UPDATE (alive_at, identity, beats, went_back_at, look_up_from)',
  },
  sequences: ['lease_token'],
};
