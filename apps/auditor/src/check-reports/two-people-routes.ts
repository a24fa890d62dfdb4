interface TwoPeopleRoute {
  readonly route: string;
  readonly action: string;
}

/**
 * Routes on which each successful call stores or approves a demand; without routes that may take
 * one person.
 */
export const TWO_PEOPLE_ROUTES: readonly TwoPeopleRoute[] = [
  { route: 'POST /internal/accounts/:account_id/signers', action: 'add signer' },
  { route: 'POST /internal/book-halts/resume', action: 'resume book' },
  { route: 'POST /internal/halts/:id/lift', action: 'lift halt' },
  { route: 'POST /internal/ledger-differences/recover', action: 'send the ledger again' },
  { route: 'POST /internal/passkeys', action: 'add passkey' },
  { route: 'POST /internal/policy', action: 'publish policy' },
  { route: 'POST /internal/submissions/:withdrawalId/decision', action: 'decide submission' },
  { route: 'POST /internal/wallets/:network/:address/resume', action: 'resume wallet' },
];

/** Route by which the second person approves the demand of any action by its number. */
export const APPROVAL_ROUTE = 'POST /internal/approvals/:id';
