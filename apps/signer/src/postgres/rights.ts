import type { Rights } from '@sluice/postgres';

/** What the running signer may do. What it has given and signed only grows: nobody with its login takes a nonce back. */
export const SIGNER_RIGHTS: Rights = {
  tables: {
    signed_nonce: 'SELECT, INSERT',
    signature: 'SELECT, INSERT',
    closed_withdrawal: 'SELECT, INSERT',
    nonce_placement: 'SELECT, INSERT',
    signed_total: 'SELECT, INSERT, UPDATE (hour, amount)',
  },
};
