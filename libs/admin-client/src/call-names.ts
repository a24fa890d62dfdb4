import type {
  AuditorCalls,
  ConnectorCalls,
  HaltCalls,
  IntakeCalls,
  LedgerCalls,
  ServiceCalls,
  SignerCalls,
  WalletCalls,
  WebhooksCalls,
} from './admin-calls.js';

/** A name for each route of a group, by which clients call the route. The compiler requires all. */
type Names<Calls> = Readonly<Record<keyof Calls, string>>;

export const SERVICE = {
  'GET /internal/approvals': 'approvals',
  'GET /internal/audit?': 'auditEntries',
  'GET /internal/dead-letters': 'deadLetters',
  'GET /internal/invariants': 'invariants',
  'GET /internal/kafka/skipped': 'skippedBatches',
  'GET /internal/self-check': 'selfCheck',
  'GET /internal/whoami': 'whoami',
  'POST /internal/approvals/:id': 'approve',
  'POST /internal/audit/proof': 'proveAudit',
  'POST /internal/dead-letters/:id/dismissal': 'dismissDeadLetter',
  'POST /internal/dead-letters/:id/replay': 'replayDeadLetter',
  'POST /internal/kafka/:topic/:partition/:offset/skip': 'skipBatch',
} as const satisfies Names<ServiceCalls>;

export const HALT = {
  'GET /internal/halts': 'halts',
  'POST /internal/halts': 'openHalt',
  'POST /internal/halts/:id/lift': 'liftHalt',
} as const satisfies Names<HaltCalls>;

export const INTAKE = {
  'GET /internal/accounts': 'accounts',
  'GET /internal/accounts/:account_id/balances': 'balances',
  'GET /internal/accounts/:account_id/keys': 'keys',
  'GET /internal/accounts/:account_id/terms': 'accountTerms',
  'GET /internal/ledger-differences': 'ledgerDifferences',
  'GET /internal/routes': 'routes',
  'GET /internal/terms/currencies': 'currencyTerms',
  'GET /internal/terms/networks': 'networkTerms',
  'GET /internal/withdrawals/:ref': 'withdrawal',
  'GET /internal/withdrawals?': 'withdrawals',
  'POST /internal/accounts': 'createAccount',
  'POST /internal/accounts/:account_id/fundings': 'fund',
  'POST /internal/accounts/:account_id/keys': 'createKey',
  'POST /internal/accounts/:account_id/terms': 'setAccountTerms',
  'POST /internal/keys/:key_id/revoke': 'revokeKey',
  'POST /internal/keys/:key_id/rotate': 'rotateKey',
  'POST /internal/keys/rewrap': 'rewrapKeys',
  'POST /internal/ledger-differences/recover': 'recoverLedger',
  'POST /internal/terms/currencies': 'setCurrencyTerms',
  'POST /internal/terms/networks': 'setNetworkTerms',
  'PUT /internal/accounts/:account_id/settings': 'setAccount',
  'PUT /internal/routes': 'setRoute',
} as const satisfies Names<IntakeCalls>;

export const LEDGER = {
  'GET /internal/accounts/:account_id/address-book': 'addressBook',
  'GET /internal/accounts/:account_id/addresses?': 'addresses',
  'GET /internal/accounts/:account_id/balances/at/:time?': 'balancesAt',
  'GET /internal/accounts/:account_id/balances?': 'balances',
  'GET /internal/accounts/:account_id/signers': 'signers',
  'GET /internal/accounts/:account_id/statement?': 'statement',
  'GET /internal/book-halts': 'bookHalts',
  'GET /internal/entries/:entry_id': 'entry',
  'GET /internal/freezes': 'freezes',
  'GET /internal/holds?': 'holds',
  'GET /internal/order-cases': 'orderCases',
  'GET /internal/passkeys': 'passkeys',
  'GET /internal/passkeys/options': 'passkeyOptions',
  'GET /internal/payment-approvals/:withdrawal_id': 'paymentApproval',
  'GET /internal/payment-approvals?': 'paymentApprovals',
  'GET /internal/policy': 'policyVersions',
  'GET /internal/policy/decisions/:withdrawal_id': 'policyDecision',
  'GET /internal/policy/prices': 'policyPrices',
  'GET /internal/shared-accounts/:account/balances': 'houseBalances',
  'GET /internal/shared-accounts/:account/balances/at/:time?': 'houseBalancesAt',
  'GET /internal/withdrawals/:withdrawal_id/entries': 'entriesOf',
  'POST /internal/accounts': 'openAccount',
  'POST /internal/accounts/:account_id/address-book': 'setAddressBook',
  'POST /internal/accounts/:account_id/addresses': 'addAddress',
  'POST /internal/accounts/:account_id/addresses/:entry_id/confirm': 'confirmAddress',
  'POST /internal/accounts/:account_id/addresses/:entry_id/remove': 'removeAddress',
  'POST /internal/accounts/:account_id/entries/:entry_id/reversal': 'reverse',
  'POST /internal/accounts/:account_id/freezes': 'freeze',
  'POST /internal/accounts/:account_id/freezes/:freeze_id/lift': 'liftFreeze',
  'POST /internal/accounts/:account_id/fundings': 'fund',
  'POST /internal/accounts/:account_id/signers': 'addSigner',
  'POST /internal/accounts/:account_id/signers/revoke': 'revokeSigner',
  'POST /internal/accounts/:account_id/transfers': 'transfer',
  'POST /internal/book-halts/resume': 'liftBookHalt',
  'POST /internal/holds/again': 'sendAgain',
  'POST /internal/holds/comparison': 'compareHolds',
  'POST /internal/holds/found': 'findHolds',
  'POST /internal/journal/detachments': 'detachJournal',
  'POST /internal/passkeys': 'registerPasskey',
  'POST /internal/passkeys/revoke': 'revokePasskey',
  'POST /internal/payment-approvals/:withdrawal_id/votes': 'voteOnPayment',
  'POST /internal/policy': 'publishPolicy',
  'POST /internal/policy/differences': 'comparePolicy',
  'POST /internal/policy/dry-run': 'dryRunPolicy',
  'POST /internal/policy/preview': 'previewPolicy',
  'POST /internal/policy/prices': 'setPolicyPrice',
  'POST /internal/proof': 'prove',
} as const satisfies Names<LedgerCalls>;

export const AUDITOR = {
  'GET /internal/findings': 'findings',
  'GET /internal/findings/:id': 'showFinding',
  'POST /internal/findings/:id/close': 'closeFinding',
} as const satisfies Names<AuditorCalls>;

export const WEBHOOKS = {
  'DELETE /internal/webhooks/:id?': 'deleteWebhook',
  'GET /internal/deliveries/:id?': 'delivery',
  'GET /internal/events?': 'events',
  'GET /internal/webhooks/:id/deliveries?': 'deliveries',
  'GET /internal/webhooks/:id?': 'webhook',
  'GET /internal/webhooks?': 'webhooks',
  'PATCH /internal/webhooks/:id?': 'editWebhook',
  'POST /internal/deliveries/:id/requeue?': 'requeueDelivery',
  'POST /internal/webhooks': 'createWebhook',
  'POST /internal/webhooks/:id/pause': 'pauseWebhook',
  'POST /internal/webhooks/:id/requeue': 'requeueDeliveries',
  'POST /internal/webhooks/:id/resume?': 'resumeWebhook',
  'POST /internal/webhooks/:id/rotate?': 'rotateWebhook',
  'POST /internal/webhooks/:id/test?': 'testWebhook',
  'POST /internal/webhooks/rewrap': 'rewrapSecrets',
} as const satisfies Names<WebhooksCalls>;

export const CONNECTOR = {
  'GET /internal/assets': 'assets',
  'GET /internal/breaks': 'breaks',
  'GET /internal/breaks/:id': 'showBreak',
  'GET /internal/cases': 'cases',
  'GET /internal/halts/records': 'unclaimedRecords',
  'GET /internal/submissions/:withdrawalId': 'submission',
  'GET /internal/submissions?': 'submissions',
  'POST /internal/assets': 'setAsset',
  'POST /internal/breaks/:id/close': 'closeBreak',
  'POST /internal/submissions/:withdrawalId/decision': 'decide',
} as const satisfies Names<ConnectorCalls>;

export const OWN_WALLET = {
  'GET /internal/wallets': 'wallets',
  'POST /internal/transfers/trial': 'tryTransfer',
  'POST /internal/wallets/:network/:address/resume': 'resumeWallet',
} as const satisfies Names<WalletCalls>;

export const SIGNER = {
  'POST /internal/wallets/:network/:address/next-nonce': 'placeNonce',
} as const satisfies Names<SignerCalls>;

/** Timeouts (ms) of calls that read whole tables, check much, or wait for another service. */
export const TIMEOUTS_MS: Readonly<Record<string, number>> = {
  'GET /internal/invariants': 120_000,
  'GET /internal/self-check': 30_000,
  'POST /internal/audit/proof': 120_000,
  'POST /internal/journal/detachments': 3_600_000,
  'POST /internal/ledger-differences/recover': 120_000,
  'POST /internal/policy/dry-run': 600_000,
  'POST /internal/proof': 3_600_000,
};
