import { HOLD_STATE } from '@sluice/http-api';
import { namesOf, type Rights } from '@sluice/postgres';

/**
 * Rights of the running ledger: the journal is append-only, and the terms of a hold never change.
 */
export const LEDGER_RIGHTS: Rights = {
  tables: {
    account: 'SELECT, INSERT, UPDATE (frozen)',
    account_freeze: 'SELECT, INSERT, UPDATE (lifted_at)',
    balance: 'SELECT, INSERT, UPDATE (posted, held)',
    hold: `SELECT, INSERT, UPDATE (${namesOf(HOLD_STATE)})`,
    journal_entry: 'SELECT, INSERT',
    journal_entry_default: 'SELECT',
    posting: 'SELECT',
    entry_key: 'SELECT, INSERT',
    money_order: 'SELECT, INSERT',
    money_orders_begin: 'SELECT',
    chain_head: 'SELECT, UPDATE (sequence, hash, published)',
    checkpoint: 'SELECT, INSERT',
    checkpoint_head: 'SELECT, INSERT',
    checkpoint_balance: 'SELECT, INSERT',
    checkpoint_seal: 'SELECT, INSERT',
    book_halt:
      'SELECT, INSERT, UPDATE (lifted_at, lifted_by, lift_approved_by, evidence, end_seal)',
    lost_head: 'SELECT, INSERT',
    account_signer: 'SELECT, INSERT',
    signed_order: 'SELECT, INSERT',
    order_case: 'SELECT, INSERT',
    shared_position: 'SELECT, UPDATE (sequence)',
    shared_unfolded: 'SELECT',
    shared_minute: 'SELECT, INSERT, UPDATE (sum)',
    shared_day: 'SELECT, INSERT, UPDATE (sum)',
    policy_set: 'SELECT, INSERT',
    policy_meter: 'SELECT, INSERT, DELETE',
    policy_counter: 'SELECT',
    policy_price: 'SELECT, INSERT',
    policy_use: 'SELECT',
    passkey: 'SELECT, INSERT, UPDATE (uses)',
    passkey_revocation: 'SELECT, INSERT',
    approval_case: 'SELECT, INSERT, UPDATE (outcome, ended_at)',
    approval_vote: 'SELECT, INSERT',
    address_entry: 'SELECT, INSERT',
    address_confirmation: 'SELECT, INSERT',
    address_removal: 'SELECT, INSERT',
    address_book_setting: 'SELECT, INSERT',
    paid_recipient: 'SELECT, INSERT',
  },
  functions: [
    'detach_journal(timestamptz)',
    'lines_balance(text[], numeric[])',
    'policy_uses(hold)',
    'shared_lines(smallint, bigint, bigint)',
  ],
};
