import { testMessageKeys } from '@sluice/test-kit';
import { HoldAuthority } from '../commands/hold-authority.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { SignedOrders } from '../signers/signed-orders.js';
import { SECRETS } from './test-secrets.js';

export function authorityWith(chainKeys: ChainKeys): HoldAuthority {
  return new HoldAuthority(testMessageKeys('ledger'), chainKeys);
}

export const TEST_AUTHORITY = authorityWith(SECRETS.keys);

/** Secrets of a proof of the book. */
export const PROOF_SECRETS = { ...SECRETS, authority: TEST_AUTHORITY };

/** Signed orders of a book without signers: every order is accepted. */
export const NO_SIGNERS = new SignedOrders(SECRETS.keys, {
  signers: [],
  used: [],
  candidates: new Map(),
});
