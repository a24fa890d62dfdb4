import { CHANGED_SUBMISSION } from '@sluice/http-api';
import { namesOf, type Rights } from '@sluice/postgres';

/**
 * Rights of a running connector. Order terms, cases and decisions are never changed. A trigger
 * refuses a change of a request, and another one stores the former attempts.
 */
export const CONNECTOR_RIGHTS: Rights = {
  tables: {
    submission: `SELECT, INSERT, UPDATE (${namesOf(CHANGED_SUBMISSION)})`,
    former_attempt: 'SELECT',
    attempt: 'SELECT',
    sending: 'SELECT, UPDATE (last, sums)',
    submission_case: 'SELECT, INSERT',
    decision: 'SELECT, INSERT',
    halt: 'SELECT, INSERT, UPDATE (lifted_at, lifted_by, lift_approved_by, lift_evidence, end_seal)',
    break: 'SELECT, INSERT, UPDATE (closed_at, closed_by, close_evidence, end_seal)',
    venue_balance: 'SELECT, INSERT, UPDATE (total, expected, counted_to, exact_at, read_at)',
    venue_deposit: 'SELECT, INSERT',
    unclaimed_record:
      'SELECT, INSERT, UPDATE (equality_keys, venue_status, reported_at, closed_at, closed_because, reported_as, unreadable)',
    record_cursor: 'SELECT, INSERT, UPDATE (read_through, read_at, deep_read_at)',
    venue_asset: 'SELECT, INSERT',
    rate_slot:
      'SELECT, INSERT, UPDATE (interval_us, next_free_at, slowdown, slow_until, pause_cause, pause_until)',
    worker_lease: 'SELECT, INSERT, UPDATE (owner, until), DELETE',
    sent_report: 'SELECT, UPDATE (reported_to)',
    auditor_permit: 'SELECT, INSERT, UPDATE (number, permit, cover, stored_at)',
    heartbeat: 'SELECT, INSERT, UPDATE (alive_at, identity, beats, went_back_at, look_up_from)',
  },
  sequences: ['lease_token'],
};
