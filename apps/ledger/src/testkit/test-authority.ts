import { testMessageKeys } from '@sluice/test-kit';
import { HoldAuthority } from '../commands/hold-authority.js';
import { SignedOrders } from '../signers/signed-orders.js';
import { SECRETS } from './test-secrets.js';

export const TEST_AUTHORITY = new HoldAuthority(testMessageKeys('ledger'));

/** Signed orders of a book without signers: every order is accepted. */
export const NO_SIGNERS = new SignedOrders(SECRETS.keys, {
  signers: [],
  used: [],
  candidates: new Map(),
});
