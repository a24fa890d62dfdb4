import type { Rights } from '@sluice/postgres';

/**
 * Database rights of the running service. Facts are inserted and never change, except for the end
 * of a hold and the newest state of a payment. A finding changes only by its closing.
 */
export const AUDITOR_RIGHTS: Rights = {
  tables: {
    audit_progress:
      'SELECT, UPDATE (oldest_fact_at, followed_through, followed_since, requests_proven_from)',
    audited_opening: 'SELECT, INSERT',
    audited_account: 'SELECT, INSERT, UPDATE (balance, held)',
    audited_movement: 'SELECT, INSERT',
    audited_reversal: 'SELECT, INSERT, UPDATE (applied_at)',
    audited_hold: 'SELECT, INSERT, UPDATE (venue, state, ended_at, ended_seen_at)',
    audited_signer: 'SELECT, INSERT',
    audited_order: 'SELECT, INSERT',
    audited_entry: 'SELECT, INSERT',
    audited_head: 'SELECT, INSERT',
    venue_payment:
      'SELECT, INSERT, UPDATE (currency, network, destination, net, gross, equality_key, unlisted_key, status, venue_status, tx_hash, last_seen_at, withdrawal_id, flagged_at)',
    venue_reading: 'SELECT, INSERT, UPDATE (read_through, completed_at, deep_read_at)',
    check_report: 'SELECT, INSERT, UPDATE (every_ms, waited_ms, reported_at), DELETE',
    dirty_group: 'SELECT, INSERT, DELETE',
    finding: 'SELECT, INSERT, UPDATE (closed_at, closed_by, close_approved_by, close_reason)',
  },
};
