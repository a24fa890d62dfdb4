import {
  WITHDRAWAL_CANCEL,
  WITHDRAWAL_STEP,
  WITHDRAWAL_VENUE,
  WITHDRAWAL_WAIT,
} from '@sluice/http-api';
import { namesOf, type Rights } from '@sluice/postgres';

const CHANGED = namesOf({
  ...WITHDRAWAL_STEP,
  ...WITHDRAWAL_VENUE,
  ...WITHDRAWAL_CANCEL,
  ...WITHDRAWAL_WAIT,
});
/** A refused hold gives the reference back. */
const REFERENCE = 'client_reference, rejected_reference';

/**
 * Rights of the running intake-api. A withdrawal's account, amount and destination never change;
 * history, cases and signatures are append-only and leave by age.
 */
export const INTAKE_RIGHTS: Rights = {
  tables: {
    account: 'SELECT, INSERT, UPDATE (ledger_opened_at, requires_reference)',
    // A key change inserts another row: sealed data is never changed.
    api_key: 'SELECT, INSERT',
    halt: 'SELECT, INSERT, UPDATE (lifted_at, lifted_by, lift_approved_by, lift_evidence, end_seal)',
    used_signature: 'SELECT, INSERT',
    rate_window: 'SELECT, INSERT, UPDATE (used), DELETE',
    // Initial terms are written once; every later change is a version.
    network: 'SELECT, INSERT',
    network_terms: 'SELECT, INSERT',
    currency_terms: 'SELECT, INSERT',
    account_terms: 'SELECT, INSERT',
    api_key_use: 'SELECT, INSERT, UPDATE (last_used_at)',
    // Locking the row, to replace a route, needs an UPDATE right; the name never changes.
    currency: 'SELECT, INSERT, UPDATE (name)',
    account_currency: 'SELECT, INSERT',
    route: 'SELECT, INSERT, UPDATE (state), DELETE',
    // An address once ours stays ours.
    hot_wallet: 'SELECT, INSERT, UPDATE (purpose, account_id, position, retired_at)',
    wallet_token: 'SELECT, INSERT',
    gas_top_up: 'SELECT, INSERT',
    withdrawal: `SELECT, INSERT, UPDATE (${CHANGED}, ${REFERENCE}, steps)`,
    withdrawal_step: 'SELECT',
    withdrawal_case: 'SELECT, INSERT',
    venue_paid: 'SELECT, INSERT',
    life: 'SELECT, INSERT, UPDATE (alive_at, restored, since, began_at, asked_at, steps_read, forgets_until, behind, identity, log_ends, paused_until)',
    venue_read: 'SELECT, INSERT, UPDATE (life, read_at)',
    venue_payment: 'SELECT, INSERT, UPDATE (payment_key, closed_at)',
    venue_report: 'SELECT, INSERT, UPDATE (reported_to, received_at)',
    wallet_coin_total:
      'SELECT, INSERT, UPDATE (total, block, read_at, received_at, compared_in, apart_since)',
    wallet_chain: 'SELECT, INSERT, UPDATE (head, seen_at)',
    gas_day: 'SELECT, INSERT, UPDATE (amount, transactions)',
    archived_withdrawal: 'SELECT',
    // Rows leave by triggers alone.
    ended_withdrawal: 'SELECT, INSERT',
    open_withdrawal: 'SELECT, INSERT, UPDATE (look_at), DELETE',
    ledger_comparison:
      'SELECT, UPDATE (next_run_at, compared_to, swept_to, sweep_urgent, compared_at, holds_compared_to)',
    ledger_head: 'SELECT, INSERT, UPDATE (sequence, hash, key, signature)',
    ledger_unsettled: 'SELECT, INSERT, DELETE',
    ledger_difference:
      'SELECT, INSERT, UPDATE (kind, detail, found_at, requested_by, approved_by, evidence, answer, resolved_at)',
    lost_withdrawal: 'SELECT, INSERT, UPDATE (found_at, resolved_at)',
    recovery:
      'SELECT, UPDATE (next_run_at, was_blocked, repeat_all, scanned_to, scan_next_to, scan_next_xid)',
  },
  sequences: ['withdrawal_number'],
  functions: ['forget_signatures(integer)', 'release_signatures(integer[],bytea[],bytea[])'],
};
