import type { Rights } from '@sluice/postgres';

/**
 * Nonces and signatures are append-only: the login cannot take a nonce back. Number and seal change
 * with the key of the seals.
 */
export const SIGNER_RIGHTS: Rights = {
  tables: {
    signed_nonce: 'SELECT, INSERT, UPDATE (number, seal)',
    signature: 'SELECT, INSERT',
    closed_withdrawal: 'SELECT, INSERT',
    nonce_placement: 'SELECT, INSERT',
    signed_total: 'SELECT, INSERT, UPDATE (hour, amount)',
  },
};
