import { randomBytes } from 'node:crypto';
import { testSeals } from '@sluice/service-shell/testing';
import { testMessageKeys } from '@sluice/test-kit';
import { AddressBooks } from '../address-book/address-book-settings.js';
import { ApprovalCases } from '../approval-cases/approval-cases.js';
import { CommandRules } from '../commands/decide.js';
import { HoldAuthority } from '../commands/hold-authority.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { type ChainSecrets, HeadSigner } from '../hash-chain/head-signer.js';
import { BatchPolicy } from '../policy/batch-policy.js';
import { Policies } from '../policy/policies.js';
import { EMPTY_POLICY_BOOK } from '../policy/policy-book.js';
import { NO_RECIPIENTS } from '../policy/recipients.js';
import { SignedOrders } from '../signers/signed-orders.js';

export function aKey(): string {
  return randomBytes(32).toString('base64');
}

/** Secrets shared by all ledgers of a test file, to let a second instance open the same book. */
export const SECRETS: ChainSecrets = {
  keys: ChainKeys.parse(aKey()),
  signer: HeadSigner.parse(aKey()),
};

const LOGGER = { error: () => undefined };

function authorityWith(chainKeys: ChainKeys): HoldAuthority {
  return new HoldAuthority(testMessageKeys('ledger'), chainKeys);
}

export const TEST_AUTHORITY = authorityWith(SECRETS.keys);

export const NO_POLICY = new BatchPolicy({
  book: EMPTY_POLICY_BOOK,
  inForce: null,
  counters: new Map(),
  prices: {},
  recipients: NO_RECIPIENTS,
});

export const NO_CASES = new ApprovalCases();

export function rulesWith(chainKeys = SECRETS.keys): CommandRules {
  const books = new AddressBooks(testSeals('ledger'), LOGGER);
  const policies = new Policies(testSeals('ledger'), books, LOGGER);
  return new CommandRules(authorityWith(chainKeys), policies);
}

export const PROOF_SECRETS = { ...SECRETS, authority: TEST_AUTHORITY };

export const NO_SIGNERS = new SignedOrders(SECRETS.keys, {
  signers: [],
  used: [],
  candidates: new Map(),
});
