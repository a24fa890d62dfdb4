// Written by `npm run reference` from the controllers: each call has the name of its handler.
import type {
  AccountBalanceDto, AccountEventDto, AccountEventsQuery, AccountFundingDto, AccountRowDto,
  AccountSettingsDto, AccountTermsDto, AddAddressDto, AddSignerDto, AddressBookActionDto,
  AddressBookDto, AddressEntriesQuery, AddressEntryDto, ApiKeyDto, ApprovalDto, ApproveDto,
  ApprovedDto, AuditEntryDto, AuditFindingDto, AuditProofDto, AuditQuery, AwaitedDto,
  BalancesAtQuery, BalancesQuery, BookHaltDto, BreakDto, CallerDto, CaseDto, CloseAuditFindingDto,
  CloseBreakDto, CompareHoldsDto, ComparePolicyDto, ConsumerDto, CreateAccountDto, CreateApiKeyDto,
  CreateWebhookDto, CreatedAccountDto, CreatedApiKeyDto, CreatedWebhookDto, CurrencyTermsDto,
  DeadLetterDto, DecideDto, DecidedDto, DeliveryDto, DeliveryHistoryDto, DeliveryListQuery,
  DeliveryOwnerQuery, DetachJournalDto, DetachmentDto, DismissDeadLetterDto, DismissedDeadLetterDto,
  DryRunDto, DryRunPolicyDto, EditWebhookDto, EntryDto, FindHoldsDto, FoundHoldDto,
  FreezeAccountDto, FreezeDto, FreezeInForceDto, FundAccountDto, FundLedgerAccountDto, HaltDto,
  HoldDto, HoldOutcomesDto, HoldsComparedDto, HoldsQuery, HouseAccountDto, HouseBalancesDto,
  InboxItemDto, InvariantReportDto, LedgerAccountDto, LedgerBalanceDto, LedgerDifferencesDto,
  LedgerFundingDto, LiftBookHaltDto, LiftHaltDto, NetworkTermsDto, OpenHaltDto,
  OpenLedgerAccountDto, OrderCaseDto, Page, PasskeyDto, PasskeyOptionsDto, PasskeyVouchersDto,
  PaymentApprovalDto, PaymentApprovalsQuery, PlaceNonceDto, PlacedNonceDto, PolicyDecisionDto,
  PolicyDifferencesDto, PolicyPreviewDto, PolicyPriceDto, PolicyUseDto, PolicyUseQuery,
  PolicyVersionDto, PreviewPolicyDto, ProofDto, ProveAuditDto, ProveBookDto, PublishPolicyDto,
  RecoverLedgerDto, RegisterPasskeyDto, ReplayedDeadLetterDto, RequeueDto, RequeuedDto,
  ResumeWalletDto, ReversalDto, ReverseEntryDto, RevokePasskeyDto, RevokeSignerDto,
  RevokedApiKeyDto, RewrappedKeysDto, RotateApiKeyDto, RotateSecretDto, RotatedApiKeyDto, RouteDto,
  SelfCheckDto, SendAgainDto, SentAgainDto, SetAccountTermsDto, SetAddressBookDto,
  SetCurrencyTermsDto, SetNetworkTermsDto, SetPolicyPriceDto, SetRouteDto, SetVenueAssetDto,
  SignerDto, SkipBatchDto, SkippedBatchDto, StatementLineDto, StatementQuery, SubmissionDto,
  SubmissionHistoryDto, SubmissionsQuery, TransferDto, TransferFundsDto, TransferTrialDto,
  TryTransferDto, UnclaimedRecordDto, VenueAssetDto, VenueDto, VoteOnPaymentDto, WalletDto,
  WebhookDto, WebhookListQuery, WebhookOwnerQuery, WithdrawalCountsDto, WithdrawalDeliveriesQuery,
  WithdrawalDeliveryDto, WithdrawalDto, WithdrawalListQuery, WithdrawalRowDto,
  WithdrawalThroughputDto,
} from '@sluice/http-api';
import type { Routes } from './requests.js';

/** Part of a path. */
type Ref = string | number;

export interface ServiceCalls {
  readonly approvals: () => Promise<readonly ApprovalDto[]>;
  readonly approve: (id: Ref, body?: ApproveDto) => Promise<ApprovedDto>;
  readonly auditEntries: (query?: AuditQuery) => Promise<Page<AuditEntryDto>>;
  readonly consumption: () => Promise<ConsumerDto>;
  readonly deadLetters: () => Promise<readonly DeadLetterDto[]>;
  readonly dismissDeadLetter: (id: Ref, body: DismissDeadLetterDto) => Promise<DismissedDeadLetterDto>;
  readonly inboxItems: () => Promise<readonly InboxItemDto[]>;
  readonly invariants: () => Promise<InvariantReportDto>;
  readonly proveAudit: (body: ProveAuditDto) => Promise<AuditProofDto>;
  readonly replayDeadLetter: (id: Ref) => Promise<ReplayedDeadLetterDto>;
  readonly selfCheck: () => Promise<SelfCheckDto>;
  readonly skipBatch: (path: { topic: Ref; partition: Ref; offset: Ref }, body: SkipBatchDto) => Promise<SkippedBatchDto>;
  readonly skippedBatches: () => Promise<readonly SkippedBatchDto[]>;
  readonly whoami: () => Promise<CallerDto>;
}

export const SERVICE: Routes<ServiceCalls> = {
  approvals: ['GET /internal/approvals', 'list', 'any'],
  approve: ['POST /internal/approvals/:id', 'one', 'approve'],
  auditEntries: ['GET /internal/audit?', 'page', 'any'],
  consumption: ['GET /internal/kafka/consumer', 'one', 'any'],
  deadLetters: ['GET /internal/dead-letters', 'list', 'any'],
  dismissDeadLetter: ['POST /internal/dead-letters/:id/dismissal', 'one', 'operate'],
  inboxItems: ['GET /internal/inbox', 'list', 'any'],
  invariants: ['GET /internal/invariants', 'one', 'any'],
  proveAudit: ['POST /internal/audit/proof', 'one', 'any'],
  replayDeadLetter: ['POST /internal/dead-letters/:id/replay', 'one', 'operate'],
  selfCheck: ['GET /internal/self-check', 'one', 'any'],
  skipBatch: ['POST /internal/kafka/:topic/:partition/:offset/skip', 'one', 'operate'],
  skippedBatches: ['GET /internal/kafka/skipped', 'list', 'any'],
  whoami: ['GET /internal/whoami', 'one', 'any'],
};

export interface HaltCalls {
  readonly halts: () => Promise<readonly HaltDto[]>;
  readonly liftHalt: (id: Ref, body: LiftHaltDto) => Promise<HaltDto | AwaitedDto>;
  readonly openHalt: (body: OpenHaltDto) => Promise<HaltDto>;
}

export const HALT: Routes<HaltCalls> = {
  halts: ['GET /internal/halts', 'list', 'any'],
  liftHalt: ['POST /internal/halts/:id/lift', 'one', 'operate approve'],
  openHalt: ['POST /internal/halts', 'one', 'operate'],
};

export interface IntakeCalls {
  readonly accountTerms: (account_id: Ref) => Promise<readonly AccountTermsDto[]>;
  readonly accounts: () => Promise<readonly AccountRowDto[]>;
  readonly balances: (account_id: Ref) => Promise<readonly AccountBalanceDto[]>;
  readonly createAccount: (body: CreateAccountDto) => Promise<CreatedAccountDto>;
  readonly createKey: (account_id: Ref, body: CreateApiKeyDto) => Promise<CreatedApiKeyDto | AwaitedDto>;
  readonly currencyTerms: () => Promise<readonly CurrencyTermsDto[]>;
  readonly fund: (account_id: Ref, body: FundAccountDto) => Promise<AccountFundingDto | AwaitedDto>;
  readonly keys: (account_id: Ref) => Promise<readonly ApiKeyDto[]>;
  readonly ledgerDifferences: () => Promise<LedgerDifferencesDto>;
  readonly networkTerms: () => Promise<readonly NetworkTermsDto[]>;
  readonly recoverLedger: (body: RecoverLedgerDto) => Promise<LedgerDifferencesDto | AwaitedDto>;
  readonly revokeKey: (key_id: Ref) => Promise<RevokedApiKeyDto>;
  readonly rewrapKeys: () => Promise<RewrappedKeysDto>;
  readonly rotateKey: (key_id: Ref, body: RotateApiKeyDto) => Promise<RotatedApiKeyDto | AwaitedDto>;
  readonly routes: () => Promise<readonly RouteDto[]>;
  readonly setAccount: (account_id: Ref, body: AccountSettingsDto) => Promise<AccountSettingsDto>;
  readonly setAccountTerms: (account_id: Ref, body: SetAccountTermsDto) => Promise<AccountTermsDto | AwaitedDto>;
  readonly setCurrencyTerms: (body: SetCurrencyTermsDto) => Promise<CurrencyTermsDto | AwaitedDto>;
  readonly setNetworkTerms: (body: SetNetworkTermsDto) => Promise<NetworkTermsDto | AwaitedDto>;
  readonly setRoute: (body: SetRouteDto) => Promise<RouteDto>;
  readonly withdrawal: (ref: Ref) => Promise<WithdrawalDto>;
  readonly withdrawalCounts: () => Promise<WithdrawalCountsDto>;
  readonly withdrawalThroughput: () => Promise<WithdrawalThroughputDto>;
  readonly withdrawals: (query?: WithdrawalListQuery) => Promise<Page<WithdrawalRowDto>>;
}

export const INTAKE: Routes<IntakeCalls> = {
  accountTerms: ['GET /internal/accounts/:account_id/terms', 'list', 'any'],
  accounts: ['GET /internal/accounts', 'list', 'any'],
  balances: ['GET /internal/accounts/:account_id/balances', 'list', 'any'],
  createAccount: ['POST /internal/accounts', 'one', 'administer'],
  createKey: ['POST /internal/accounts/:account_id/keys', 'one', 'administer'],
  currencyTerms: ['GET /internal/terms/currencies', 'list', 'any'],
  fund: ['POST /internal/accounts/:account_id/fundings', 'one', 'administer'],
  keys: ['GET /internal/accounts/:account_id/keys', 'list', 'any'],
  ledgerDifferences: ['GET /internal/ledger-differences', 'one', 'any'],
  networkTerms: ['GET /internal/terms/networks', 'list', 'any'],
  recoverLedger: ['POST /internal/ledger-differences/recover', 'one', 'operate approve'],
  revokeKey: ['POST /internal/keys/:key_id/revoke', 'one', 'administer'],
  rewrapKeys: ['POST /internal/keys/rewrap', 'one', 'administer'],
  rotateKey: ['POST /internal/keys/:key_id/rotate', 'one', 'administer'],
  routes: ['GET /internal/routes', 'list', 'any'],
  setAccount: ['PUT /internal/accounts/:account_id/settings', 'one', 'administer'],
  setAccountTerms: ['POST /internal/accounts/:account_id/terms', 'one', 'administer approve'],
  setCurrencyTerms: ['POST /internal/terms/currencies', 'one', 'administer approve'],
  setNetworkTerms: ['POST /internal/terms/networks', 'one', 'administer approve'],
  setRoute: ['PUT /internal/routes', 'one', 'administer'],
  withdrawal: ['GET /internal/withdrawals/:ref', 'one', 'any'],
  withdrawalCounts: ['GET /internal/withdrawals/counts', 'one', 'any'],
  withdrawalThroughput: ['GET /internal/withdrawals/throughput', 'one', 'any'],
  withdrawals: ['GET /internal/withdrawals?', 'page', 'any'],
};

export interface LedgerCalls {
  readonly addAddress: (account_id: Ref, body: AddAddressDto) => Promise<AddressEntryDto>;
  readonly addSigner: (account_id: Ref, body: AddSignerDto) => Promise<SignerDto | AwaitedDto>;
  readonly addressBook: (account_id: Ref) => Promise<AddressBookDto>;
  readonly addresses: (account_id: Ref, query?: AddressEntriesQuery) => Promise<readonly AddressEntryDto[]>;
  readonly balances: (account_id: Ref, query?: BalancesQuery) => Promise<readonly LedgerBalanceDto[]>;
  readonly balancesAt: (path: { account_id: Ref; time: Ref }, query?: BalancesAtQuery) => Promise<readonly LedgerBalanceDto[]>;
  readonly bookHalts: () => Promise<readonly BookHaltDto[]>;
  readonly compareHolds: (body: CompareHoldsDto) => Promise<HoldsComparedDto>;
  readonly comparePolicy: (body: ComparePolicyDto) => Promise<PolicyDifferencesDto>;
  readonly confirmAddress: (path: { account_id: Ref; entry_id: Ref }, body: AddressBookActionDto) => Promise<AddressEntryDto>;
  readonly detachJournal: (body: DetachJournalDto) => Promise<DetachmentDto>;
  readonly dryRunPolicy: (body: DryRunPolicyDto) => Promise<DryRunDto>;
  readonly entriesOf: (withdrawal_id: Ref) => Promise<readonly EntryDto[]>;
  readonly entry: (entry_id: Ref) => Promise<EntryDto>;
  readonly findHolds: (body: FindHoldsDto) => Promise<readonly FoundHoldDto[]>;
  readonly freeze: (account_id: Ref, body: FreezeAccountDto) => Promise<FreezeDto>;
  readonly freezes: () => Promise<readonly FreezeInForceDto[]>;
  readonly fund: (account_id: Ref, body: FundLedgerAccountDto) => Promise<LedgerFundingDto | AwaitedDto>;
  readonly holdOutcomes: (withdrawal_id: Ref) => Promise<HoldOutcomesDto>;
  readonly holds: (query: HoldsQuery) => Promise<Page<HoldDto>>;
  readonly houseAccounts: () => Promise<readonly HouseAccountDto[]>;
  readonly houseBalances: (account: Ref) => Promise<HouseBalancesDto>;
  readonly houseBalancesAt: (path: { account: Ref; time: Ref }, query?: BalancesAtQuery) => Promise<readonly LedgerBalanceDto[]>;
  readonly liftBookHalt: (body: LiftBookHaltDto) => Promise<BookHaltDto | AwaitedDto>;
  readonly liftFreeze: (path: { account_id: Ref; freeze_id: Ref }) => Promise<FreezeDto>;
  readonly openAccount: (body: OpenLedgerAccountDto) => Promise<LedgerAccountDto>;
  readonly orderCases: () => Promise<readonly OrderCaseDto[]>;
  readonly passkeyOptions: () => Promise<PasskeyOptionsDto>;
  readonly passkeyVouchers: (service: Ref) => Promise<PasskeyVouchersDto>;
  readonly passkeys: () => Promise<readonly PasskeyDto[]>;
  readonly paymentApproval: (withdrawal_id: Ref) => Promise<PaymentApprovalDto>;
  readonly paymentApprovals: (query?: PaymentApprovalsQuery) => Promise<readonly PaymentApprovalDto[]>;
  readonly policyDecision: (withdrawal_id: Ref) => Promise<PolicyDecisionDto>;
  readonly policyPrices: () => Promise<readonly PolicyPriceDto[]>;
  readonly policyUse: (query?: PolicyUseQuery) => Promise<PolicyUseDto>;
  readonly policyVersions: () => Promise<readonly PolicyVersionDto[]>;
  readonly previewPolicy: (body: PreviewPolicyDto) => Promise<PolicyPreviewDto>;
  readonly prove: (body: ProveBookDto) => Promise<ProofDto>;
  readonly publishPolicy: (body: PublishPolicyDto) => Promise<PolicyVersionDto | AwaitedDto>;
  readonly registerPasskey: (body: RegisterPasskeyDto) => Promise<AwaitedDto>;
  readonly removeAddress: (path: { account_id: Ref; entry_id: Ref }, body: AddressBookActionDto) => Promise<AddressEntryDto>;
  readonly reverse: (path: { account_id: Ref; entry_id: Ref }, body: ReverseEntryDto) => Promise<ReversalDto | AwaitedDto>;
  readonly revokePasskey: (body: RevokePasskeyDto) => Promise<PasskeyDto>;
  readonly revokeSigner: (account_id: Ref, body: RevokeSignerDto) => Promise<SignerDto>;
  readonly sendAgain: (body: SendAgainDto) => Promise<readonly SentAgainDto[]>;
  readonly setAddressBook: (account_id: Ref, body: SetAddressBookDto) => Promise<AddressBookDto>;
  readonly setPolicyPrice: (body: SetPolicyPriceDto) => Promise<PolicyPriceDto | AwaitedDto>;
  readonly signers: (account_id: Ref) => Promise<readonly SignerDto[]>;
  readonly statement: (account_id: Ref, query?: StatementQuery) => Promise<Page<StatementLineDto>>;
  readonly transfer: (account_id: Ref, body: TransferFundsDto) => Promise<TransferDto | AwaitedDto>;
  readonly voteOnPayment: (withdrawal_id: Ref, body: VoteOnPaymentDto) => Promise<PaymentApprovalDto>;
}

export const LEDGER: Routes<LedgerCalls> = {
  addAddress: ['POST /internal/accounts/:account_id/addresses', 'one', 'administer'],
  addSigner: ['POST /internal/accounts/:account_id/signers', 'one', 'administer approve'],
  addressBook: ['GET /internal/accounts/:account_id/address-book', 'one', 'any'],
  addresses: ['GET /internal/accounts/:account_id/addresses?', 'list', 'any'],
  balances: ['GET /internal/accounts/:account_id/balances?', 'list', 'any'],
  balancesAt: ['GET /internal/accounts/:account_id/balances/at/:time?', 'list', 'any'],
  bookHalts: ['GET /internal/book-halts', 'list', 'any'],
  compareHolds: ['POST /internal/holds/comparison', 'one', ''],
  comparePolicy: ['POST /internal/policy/differences', 'one', 'any'],
  confirmAddress: ['POST /internal/accounts/:account_id/addresses/:entry_id/confirm', 'one', 'administer approve'],
  detachJournal: ['POST /internal/journal/detachments', 'one', 'administer'],
  dryRunPolicy: ['POST /internal/policy/dry-run', 'one', 'any'],
  entriesOf: ['GET /internal/withdrawals/:withdrawal_id/entries', 'list', 'any'],
  entry: ['GET /internal/entries/:entry_id', 'one', 'any'],
  findHolds: ['POST /internal/holds/found', 'list', ''],
  freeze: ['POST /internal/accounts/:account_id/freezes', 'one', 'administer operate'],
  freezes: ['GET /internal/freezes', 'list', 'any'],
  fund: ['POST /internal/accounts/:account_id/fundings', 'one', 'administer'],
  holdOutcomes: ['GET /internal/holds/:withdrawal_id/outcomes', 'one', 'any'],
  holds: ['GET /internal/holds?', 'page', 'any'],
  houseAccounts: ['GET /internal/shared-accounts', 'list', 'any'],
  houseBalances: ['GET /internal/shared-accounts/:account/balances', 'one', 'any'],
  houseBalancesAt: ['GET /internal/shared-accounts/:account/balances/at/:time?', 'list', 'any'],
  liftBookHalt: ['POST /internal/book-halts/resume', 'one', 'operate approve'],
  liftFreeze: ['POST /internal/accounts/:account_id/freezes/:freeze_id/lift', 'one', 'administer operate'],
  openAccount: ['POST /internal/accounts', 'one', 'administer'],
  orderCases: ['GET /internal/order-cases', 'list', 'any'],
  passkeyOptions: ['GET /internal/passkeys/options', 'one', 'operate approve administer'],
  passkeyVouchers: ['GET /internal/passkeys/vouchers/:service', 'one', 'operate approve administer'],
  passkeys: ['GET /internal/passkeys', 'list', 'any'],
  paymentApproval: ['GET /internal/payment-approvals/:withdrawal_id', 'one', 'any'],
  paymentApprovals: ['GET /internal/payment-approvals?', 'list', 'any'],
  policyDecision: ['GET /internal/policy/decisions/:withdrawal_id', 'one', 'any'],
  policyPrices: ['GET /internal/policy/prices', 'list', 'any'],
  policyUse: ['GET /internal/policy/use?', 'one', 'any'],
  policyVersions: ['GET /internal/policy', 'list', 'any'],
  previewPolicy: ['POST /internal/policy/preview', 'one', 'any'],
  prove: ['POST /internal/proof', 'one', 'any'],
  publishPolicy: ['POST /internal/policy', 'one', 'administer approve'],
  registerPasskey: ['POST /internal/passkeys', 'one', 'operate approve administer'],
  removeAddress: ['POST /internal/accounts/:account_id/addresses/:entry_id/remove', 'one', 'administer operate'],
  reverse: ['POST /internal/accounts/:account_id/entries/:entry_id/reversal', 'one', 'administer'],
  revokePasskey: ['POST /internal/passkeys/revoke', 'one', 'administer approve'],
  revokeSigner: ['POST /internal/accounts/:account_id/signers/revoke', 'one', 'administer'],
  sendAgain: ['POST /internal/holds/again', 'list', ''],
  setAddressBook: ['POST /internal/accounts/:account_id/address-book', 'one', 'administer'],
  setPolicyPrice: ['POST /internal/policy/prices', 'one', 'administer approve'],
  signers: ['GET /internal/accounts/:account_id/signers', 'list', 'any'],
  statement: ['GET /internal/accounts/:account_id/statement?', 'page', 'any'],
  transfer: ['POST /internal/accounts/:account_id/transfers', 'one', 'administer'],
  voteOnPayment: ['POST /internal/payment-approvals/:withdrawal_id/votes', 'one', 'approve'],
};

export interface AuditorCalls {
  readonly closeFinding: (id: Ref, body: CloseAuditFindingDto) => Promise<AuditFindingDto | AwaitedDto>;
  readonly findings: () => Promise<readonly AuditFindingDto[]>;
  readonly showFinding: (id: Ref) => Promise<AuditFindingDto>;
}

export const AUDITOR: Routes<AuditorCalls> = {
  closeFinding: ['POST /internal/findings/:id/close', 'one', 'operate approve'],
  findings: ['GET /internal/findings', 'list', 'any'],
  showFinding: ['GET /internal/findings/:id', 'one', 'any'],
};

export interface WebhooksCalls {
  readonly createWebhook: (body: CreateWebhookDto) => Promise<CreatedWebhookDto | AwaitedDto>;
  readonly deleteWebhook: (id: Ref, query?: WebhookOwnerQuery) => Promise<WebhookDto>;
  readonly deliveries: (id: Ref, query?: DeliveryListQuery) => Promise<Page<DeliveryDto>>;
  readonly delivery: (id: Ref, query?: DeliveryOwnerQuery) => Promise<DeliveryHistoryDto>;
  readonly editWebhook: (id: Ref, query: WebhookOwnerQuery, body: EditWebhookDto) => Promise<WebhookDto>;
  readonly events: (query: AccountEventsQuery) => Promise<Page<AccountEventDto>>;
  readonly pauseWebhook: (id: Ref) => Promise<WebhookDto>;
  readonly requeueDeliveries: (id: Ref, body: RequeueDto) => Promise<RequeuedDto>;
  readonly requeueDelivery: (id: Ref, query?: DeliveryOwnerQuery) => Promise<DeliveryDto>;
  readonly resumeWebhook: (id: Ref, query?: WebhookOwnerQuery) => Promise<WebhookDto>;
  readonly rewrapSecrets: () => Promise<RewrappedKeysDto>;
  readonly rotateWebhook: (id: Ref, query: WebhookOwnerQuery, body: RotateSecretDto) => Promise<CreatedWebhookDto>;
  readonly testWebhook: (id: Ref, query?: WebhookOwnerQuery) => Promise<DeliveryDto>;
  readonly webhook: (id: Ref, query?: WebhookOwnerQuery) => Promise<WebhookDto>;
  readonly webhooks: (query: WebhookListQuery) => Promise<readonly WebhookDto[]>;
  readonly withdrawalDeliveries: (query: WithdrawalDeliveriesQuery) => Promise<Page<WithdrawalDeliveryDto>>;
}

export const WEBHOOKS: Routes<WebhooksCalls> = {
  createWebhook: ['POST /internal/webhooks', 'one', 'operate'],
  deleteWebhook: ['DELETE /internal/webhooks/:id?', 'one', 'operate'],
  deliveries: ['GET /internal/webhooks/:id/deliveries?', 'page', 'any'],
  delivery: ['GET /internal/deliveries/:id?', 'one', 'any'],
  editWebhook: ['PATCH /internal/webhooks/:id?', 'one', ''],
  events: ['GET /internal/events?', 'page', 'any'],
  pauseWebhook: ['POST /internal/webhooks/:id/pause', 'one', 'operate'],
  requeueDeliveries: ['POST /internal/webhooks/:id/requeue', 'one', 'operate'],
  requeueDelivery: ['POST /internal/deliveries/:id/requeue?', 'one', 'operate'],
  resumeWebhook: ['POST /internal/webhooks/:id/resume?', 'one', 'operate'],
  rewrapSecrets: ['POST /internal/webhooks/rewrap', 'one', 'administer'],
  rotateWebhook: ['POST /internal/webhooks/:id/rotate?', 'one', ''],
  testWebhook: ['POST /internal/webhooks/:id/test?', 'one', 'operate'],
  webhook: ['GET /internal/webhooks/:id?', 'one', 'any'],
  webhooks: ['GET /internal/webhooks?', 'list', 'any'],
  withdrawalDeliveries: ['GET /internal/deliveries?', 'page', 'any'],
};

export interface ConnectorCalls {
  readonly assets: () => Promise<readonly VenueAssetDto[]>;
  readonly breaks: () => Promise<readonly BreakDto[]>;
  readonly cases: () => Promise<readonly CaseDto[]>;
  readonly closeBreak: (id: Ref, body: CloseBreakDto) => Promise<BreakDto>;
  readonly decide: (withdrawalId: Ref, body: DecideDto) => Promise<DecidedDto | AwaitedDto>;
  readonly setAsset: (body: SetVenueAssetDto) => Promise<VenueAssetDto | AwaitedDto>;
  readonly showBreak: (id: Ref) => Promise<BreakDto>;
  readonly submission: (withdrawalId: Ref) => Promise<SubmissionHistoryDto>;
  readonly submissions: (query?: SubmissionsQuery) => Promise<readonly SubmissionDto[]>;
  readonly unclaimedRecords: () => Promise<readonly UnclaimedRecordDto[]>;
  readonly venue: () => Promise<VenueDto>;
}

export const CONNECTOR: Routes<ConnectorCalls> = {
  assets: ['GET /internal/assets', 'list', 'any'],
  breaks: ['GET /internal/breaks', 'list', 'any'],
  cases: ['GET /internal/cases', 'list', 'any'],
  closeBreak: ['POST /internal/breaks/:id/close', 'one', 'operate approve'],
  decide: ['POST /internal/submissions/:withdrawalId/decision', 'one', 'operate approve'],
  setAsset: ['POST /internal/assets', 'one', 'administer approve'],
  showBreak: ['GET /internal/breaks/:id', 'one', 'any'],
  submission: ['GET /internal/submissions/:withdrawalId', 'one', 'any'],
  submissions: ['GET /internal/submissions?', 'list', 'any'],
  unclaimedRecords: ['GET /internal/halts/records', 'list', 'any'],
  venue: ['GET /internal/venue', 'one', 'any'],
};

export interface WalletCalls {
  readonly resumeWallet: (path: { network: Ref; address: Ref }, body: ResumeWalletDto) => Promise<WalletDto | AwaitedDto>;
  readonly tryTransfer: (body: TryTransferDto) => Promise<TransferTrialDto>;
  readonly wallets: () => Promise<readonly WalletDto[]>;
}

export const WALLET: Routes<WalletCalls> = {
  resumeWallet: ['POST /internal/wallets/:network/:address/resume', 'one', 'operate approve'],
  tryTransfer: ['POST /internal/transfers/trial', 'one', ''],
  wallets: ['GET /internal/wallets', 'list', 'any'],
};

export interface SignerCalls {
  readonly placeNonce: (path: { network: Ref; address: Ref }, body: PlaceNonceDto) => Promise<PlacedNonceDto | AwaitedDto>;
}

export const SIGNER: Routes<SignerCalls> = {
  placeNonce: ['POST /internal/wallets/:network/:address/next-nonce', 'one', 'operate approve'],
};
