import type { Rights } from '@sluice/postgres';

/**
 * Facts never change, except a hold's end and a payment's newest state; a finding only by its
 * closing.
 */
export const AUDITOR_RIGHTS: Rights = {
  tables: {
    audit_progress: 'SELECT, UPDATE (oldest_fact_at, followed_through, followed_since)',
    audited_opening: 'SELECT, INSERT',
    audited_account: 'SELECT, INSERT, UPDATE (balance, held)',
    short_account: 'SELECT, INSERT, UPDATE (marked_at), DELETE',
    audited_movement: 'SELECT, INSERT',
    audited_reversal: 'SELECT, INSERT, UPDATE (applied_at)',
    audited_withdrawal:
      'SELECT, INSERT, UPDATE (venue, state, ended_at, ended_seen_at, entry_id, debited, release_judged_at, paid_reference, paid_form, paid_currency, paid_network, paid_destination, paid_net, paid_gross, paid_fee, unlisted_key, paid_status, tx_hash, paid_at, paid_seen_at, paid_read_at)',
    audited_refusal: 'SELECT, INSERT',
    audited_connector: 'SELECT, INSERT, UPDATE (signed_since, signed_until)',
    audited_command_refusal: 'SELECT, INSERT',
    audited_signer: 'SELECT, INSERT',
    audited_order: 'SELECT, INSERT',
    audited_entry: 'SELECT, INSERT',
    audited_demand: 'SELECT, INSERT',
    audited_head: 'SELECT, INSERT',
    venue_payment:
      'SELECT, INSERT, UPDATE (currency, network, destination, net, gross, venue_fee, equality_key, unlisted_key, status, venue_status, tx_hash, last_seen_at, final_seen_at, withdrawal_id, flagged_at)',
    venue_reading:
      'SELECT, INSERT, UPDATE (read_through, completed_at, deep_read_at, balances_read_at)',
    venue_balance: 'SELECT, INSERT, UPDATE (total, expected, risen, read_at, doubted_at)',
    venue_balance_reading: 'SELECT, INSERT, DELETE',
    issued_permit: 'SELECT, INSERT, UPDATE (number, cover, issued_at)',
    wallet_reading: 'SELECT, INSERT, UPDATE (block_number, block_hash, sent, coins_block)',
    wallet_coins:
      'SELECT, INSERT, UPDATE (opening, opening_block, total, block_number, block_at, sent, received, gas, risen, counted_to)',
    wallet_gas: 'SELECT, INSERT, UPDATE (spent, transactions)',
    check_report: 'SELECT, INSERT, UPDATE (every_ms, waited_ms, reported_at), DELETE',
    changed_groups: 'SELECT, INSERT, DELETE',
    finding:
      'SELECT, INSERT, UPDATE (number, open_seal, closed_at, closed_by, close_approved_by, close_reason, end_seal)',
    finding_counter: 'SELECT, UPDATE (last)',
  },
};
