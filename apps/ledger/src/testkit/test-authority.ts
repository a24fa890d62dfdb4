import { testSeals } from '@sluice/service-shell/testing';
import { testMessageKeys } from '@sluice/test-kit';
import { AddressBooks } from '../address-book/address-book-settings.js';
import { CommandRules } from '../commands/command-rules.js';
import { HoldAuthority } from '../commands/hold-authority.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { ApprovalCases } from '../approval-cases/approval-cases.js';
import { BatchPolicy } from '../policy/batch-policy.js';
import { Policies } from '../policy/policies.js';
import { NO_RECIPIENTS } from '../policy/recipients.js';
import { EMPTY_POLICY_BOOK } from '../policy/policy-book.js';
import { SignedOrders } from '../signers/signed-orders.js';
import { SECRETS } from './test-secrets.js';

const LOGGER = { error: () => undefined };

function authorityWith(chainKeys: ChainKeys): HoldAuthority {
  return new HoldAuthority(testMessageKeys('ledger'), chainKeys);
}

export const TEST_AUTHORITY = authorityWith(SECRETS.keys);

/** Policy of a batch under the default set. */
export const NO_POLICY = new BatchPolicy({
  book: EMPTY_POLICY_BOOK,
  inForce: null,
  counters: new Map(),
  prices: {},
  recipients: NO_RECIPIENTS,
});

/** Cases of a batch that no payment waits in. */
export const NO_CASES = new ApprovalCases();

/** Rules of a ledger process, with a spending policy of its own database. */
export function rulesWith(chainKeys = SECRETS.keys): CommandRules {
  const books = new AddressBooks(testSeals('ledger'), LOGGER);
  const policies = new Policies(testSeals('ledger'), books, LOGGER);
  return new CommandRules(authorityWith(chainKeys), policies);
}

/** Secrets of a proof of the book. */
export const PROOF_SECRETS = { ...SECRETS, authority: TEST_AUTHORITY };

/** Signed orders of a book without signers: every order is accepted. */
export const NO_SIGNERS = new SignedOrders(SECRETS.keys, {
  signers: [],
  used: [],
  candidates: new Map(),
});
