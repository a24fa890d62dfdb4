// Written by `npm run reference` from the controllers: parameters and answer of each admin route.
// A `?` behind a route announces a query; the body comes last.
import type {
  AccountBalanceDto, AccountEventDto, AccountEventsQuery, AccountFundingDto, AccountRowDto,
  AccountSettingsDto, AccountTermsDto, AddAddressDto, AddSignerDto, AddressBookActionDto,
  AddressBookDto, AddressEntriesQuery, AddressEntryDto, ApiKeyDto, ApprovalDto, ApprovedDto,
  AuditEntryDto, AuditFindingDto, AuditProofDto, AuditQuery, AwaitedDto, BalancesAtQuery,
  BalancesQuery, BookHaltDto, BreakDto, CallerDto, CaseDto, CloseAuditFindingDto, CloseBreakDto,
  CompareHoldsDto, ComparePolicyDto, CreateAccountDto, CreateApiKeyDto, CreateWebhookDto,
  CreatedAccountDto, CreatedApiKeyDto, CreatedWebhookDto, CurrencyTermsDto, DeadLetterDto,
  DecideDto, DecidedDto, DeliveryDto, DeliveryHistoryDto, DeliveryListQuery, DeliveryOwnerQuery,
  DetachJournalDto, DetachmentDto, DismissDeadLetterDto, DismissedDeadLetterDto, DryRunDto,
  DryRunPolicyDto, EditWebhookDto, EntryDto, FindHoldsDto, FoundHoldDto, FreezeAccountDto,
  FreezeDto, FreezeInForceDto, FundAccountDto, FundLedgerAccountDto, HaltDto, HoldDto,
  HoldsComparedDto, HoldsQuery, HouseBalancesDto, InvariantReportDto, LedgerAccountDto,
  LedgerBalanceDto, LedgerDifferencesDto, LedgerFundingDto, LiftBookHaltDto, LiftHaltDto,
  NetworkTermsDto, OpenHaltDto, OpenLedgerAccountDto, OrderCaseDto, Page, PasskeyDto,
  PasskeyOptionsDto, PaymentApprovalDto, PaymentApprovalsQuery, PlaceNonceDto, PlacedNonceDto,
  PolicyDecisionDto, PolicyDifferencesDto, PolicyPreviewDto, PolicyPriceDto, PolicyVersionDto,
  PreviewPolicyDto, ProofDto, ProveAuditDto, ProveBookDto, PublishPolicyDto, RecoverLedgerDto,
  RegisterPasskeyDto, ReplayedDeadLetterDto, RequeueDto, RequeuedDto, ResumeWalletDto, ReversalDto,
  ReverseEntryDto, RevokePasskeyDto, RevokeSignerDto, RevokedApiKeyDto, RewrappedKeysDto,
  RotateApiKeyDto, RotateSecretDto, RotatedApiKeyDto, RouteDto, SelfCheckDto, SendAgainDto,
  SentAgainDto, SetAccountTermsDto, SetAddressBookDto, SetCurrencyTermsDto, SetNetworkTermsDto,
  SetPolicyPriceDto, SetRouteDto, SetVenueAssetDto, SignerDto, SkipBatchDto, SkippedBatchDto,
  StatementLineDto, StatementQuery, SubmissionDto, SubmissionHistoryDto, SubmissionsQuery,
  TransferDto, TransferFundsDto, TransferTrialDto, TryTransferDto, UnclaimedRecordDto,
  VenueAssetDto, VoteOnPaymentDto, WalletDto, WebhookDto, WebhookListQuery, WebhookOwnerQuery,
  WithdrawalDto, WithdrawalListQuery, WithdrawalRowDto,
} from '@sluice/http-api';

/** Routes whose answer is a page of a list. */
export const PAGES: ReadonlySet<string> = new Set([
  'GET /internal/accounts/:account_id/statement?',
  'GET /internal/audit?',
  'GET /internal/events?',
  'GET /internal/holds?',
  'GET /internal/webhooks/:id/deliveries?',
]);

/** Routes whose answer is a list, or a page of a list. */
export const LISTS: ReadonlySet<string> = new Set([
  'GET /internal/accounts',
  'GET /internal/accounts/:account_id/addresses?',
  'GET /internal/accounts/:account_id/balances',
  'GET /internal/accounts/:account_id/balances/at/:time?',
  'GET /internal/accounts/:account_id/balances?',
  'GET /internal/accounts/:account_id/keys',
  'GET /internal/accounts/:account_id/signers',
  'GET /internal/accounts/:account_id/statement?',
  'GET /internal/accounts/:account_id/terms',
  'GET /internal/approvals',
  'GET /internal/assets',
  'GET /internal/audit?',
  'GET /internal/book-halts',
  'GET /internal/breaks',
  'GET /internal/cases',
  'GET /internal/dead-letters',
  'GET /internal/events?',
  'GET /internal/findings',
  'GET /internal/freezes',
  'GET /internal/halts',
  'GET /internal/halts/records',
  'GET /internal/holds?',
  'GET /internal/kafka/skipped',
  'GET /internal/order-cases',
  'GET /internal/passkeys',
  'GET /internal/payment-approvals?',
  'GET /internal/policy',
  'GET /internal/policy/prices',
  'GET /internal/routes',
  'GET /internal/shared-accounts/:account/balances/at/:time?',
  'GET /internal/submissions?',
  'GET /internal/terms/currencies',
  'GET /internal/terms/networks',
  'GET /internal/wallets',
  'GET /internal/webhooks/:id/deliveries?',
  'GET /internal/webhooks?',
  'GET /internal/withdrawals/:withdrawal_id/entries',
  'GET /internal/withdrawals?',
  'POST /internal/holds/again',
  'POST /internal/holds/found',
]);

/** Part of a path. */
type Ref = string | number;

export interface ServiceCalls {
  'GET /internal/approvals': () => readonly ApprovalDto[];
  'GET /internal/audit?': (query?: AuditQuery) => Page<AuditEntryDto>;
  'GET /internal/dead-letters': () => readonly DeadLetterDto[];
  'GET /internal/invariants': () => InvariantReportDto;
  'GET /internal/kafka/skipped': () => readonly SkippedBatchDto[];
  'GET /internal/self-check': () => SelfCheckDto;
  'GET /internal/whoami': () => CallerDto;
  'POST /internal/approvals/:id': (id: Ref) => ApprovedDto;
  'POST /internal/audit/proof': (body: ProveAuditDto) => AuditProofDto;
  'POST /internal/dead-letters/:id/dismissal': (id: Ref, body: DismissDeadLetterDto) => DismissedDeadLetterDto;
  'POST /internal/dead-letters/:id/replay': (id: Ref) => ReplayedDeadLetterDto;
  'POST /internal/kafka/:topic/:partition/:offset/skip': (topic: Ref, partition: Ref, offset: Ref, body: SkipBatchDto) => SkippedBatchDto;
}

export interface HaltCalls {
  'GET /internal/halts': () => readonly HaltDto[];
  'POST /internal/halts': (body: OpenHaltDto) => HaltDto;
  'POST /internal/halts/:id/lift': (id: Ref, body: LiftHaltDto) => HaltDto | AwaitedDto;
}

export interface IntakeCalls {
  'GET /internal/accounts': () => readonly AccountRowDto[];
  'GET /internal/accounts/:account_id/balances': (account_id: Ref) => readonly AccountBalanceDto[];
  'GET /internal/accounts/:account_id/keys': (account_id: Ref) => readonly ApiKeyDto[];
  'GET /internal/accounts/:account_id/terms': (account_id: Ref) => readonly AccountTermsDto[];
  'GET /internal/ledger-differences': () => LedgerDifferencesDto;
  'GET /internal/routes': () => readonly RouteDto[];
  'GET /internal/terms/currencies': () => readonly CurrencyTermsDto[];
  'GET /internal/terms/networks': () => readonly NetworkTermsDto[];
  'GET /internal/withdrawals/:ref': (ref: Ref) => WithdrawalDto;
  'GET /internal/withdrawals?': (query?: WithdrawalListQuery) => readonly WithdrawalRowDto[];
  'POST /internal/accounts': (body: CreateAccountDto) => CreatedAccountDto;
  'POST /internal/accounts/:account_id/fundings': (account_id: Ref, body: FundAccountDto) => AccountFundingDto | AwaitedDto;
  'POST /internal/accounts/:account_id/keys': (account_id: Ref, body: CreateApiKeyDto) => CreatedApiKeyDto | AwaitedDto;
  'POST /internal/accounts/:account_id/terms': (account_id: Ref, body: SetAccountTermsDto) => AccountTermsDto | AwaitedDto;
  'POST /internal/keys/:key_id/revoke': (key_id: Ref) => RevokedApiKeyDto;
  'POST /internal/keys/:key_id/rotate': (key_id: Ref, body: RotateApiKeyDto) => RotatedApiKeyDto | AwaitedDto;
  'POST /internal/keys/rewrap': () => RewrappedKeysDto;
  'POST /internal/ledger-differences/recover': (body: RecoverLedgerDto) => LedgerDifferencesDto | AwaitedDto;
  'POST /internal/terms/currencies': (body: SetCurrencyTermsDto) => CurrencyTermsDto | AwaitedDto;
  'POST /internal/terms/networks': (body: SetNetworkTermsDto) => NetworkTermsDto | AwaitedDto;
  'PUT /internal/accounts/:account_id/settings': (account_id: Ref, body: AccountSettingsDto) => AccountSettingsDto;
  'PUT /internal/routes': (body: SetRouteDto) => RouteDto;
}

export interface LedgerCalls {
  'GET /internal/accounts/:account_id/address-book': (account_id: Ref) => AddressBookDto;
  'GET /internal/accounts/:account_id/addresses?': (account_id: Ref, query?: AddressEntriesQuery) => readonly AddressEntryDto[];
  'GET /internal/accounts/:account_id/balances/at/:time?': (account_id: Ref, time: Ref, query?: BalancesAtQuery) => readonly LedgerBalanceDto[];
  'GET /internal/accounts/:account_id/balances?': (account_id: Ref, query?: BalancesQuery) => readonly LedgerBalanceDto[];
  'GET /internal/accounts/:account_id/signers': (account_id: Ref) => readonly SignerDto[];
  'GET /internal/accounts/:account_id/statement?': (account_id: Ref, query?: StatementQuery) => Page<StatementLineDto>;
  'GET /internal/book-halts': () => readonly BookHaltDto[];
  'GET /internal/entries/:entry_id': (entry_id: Ref) => EntryDto;
  'GET /internal/freezes': () => readonly FreezeInForceDto[];
  'GET /internal/holds?': (query: HoldsQuery) => Page<HoldDto>;
  'GET /internal/order-cases': () => readonly OrderCaseDto[];
  'GET /internal/passkeys': () => readonly PasskeyDto[];
  'GET /internal/passkeys/options': () => PasskeyOptionsDto;
  'GET /internal/payment-approvals/:withdrawal_id': (withdrawal_id: Ref) => PaymentApprovalDto;
  'GET /internal/payment-approvals?': (query?: PaymentApprovalsQuery) => readonly PaymentApprovalDto[];
  'GET /internal/policy': () => readonly PolicyVersionDto[];
  'GET /internal/policy/decisions/:withdrawal_id': (withdrawal_id: Ref) => PolicyDecisionDto;
  'GET /internal/policy/prices': () => readonly PolicyPriceDto[];
  'GET /internal/shared-accounts/:account/balances': (account: Ref) => HouseBalancesDto;
  'GET /internal/shared-accounts/:account/balances/at/:time?': (account: Ref, time: Ref, query?: BalancesAtQuery) => readonly LedgerBalanceDto[];
  'GET /internal/withdrawals/:withdrawal_id/entries': (withdrawal_id: Ref) => readonly EntryDto[];
  'POST /internal/accounts': (body: OpenLedgerAccountDto) => LedgerAccountDto;
  'POST /internal/accounts/:account_id/address-book': (account_id: Ref, body: SetAddressBookDto) => AddressBookDto;
  'POST /internal/accounts/:account_id/addresses': (account_id: Ref, body: AddAddressDto) => AddressEntryDto;
  'POST /internal/accounts/:account_id/addresses/:entry_id/confirm': (account_id: Ref, entry_id: Ref, body: AddressBookActionDto) => AddressEntryDto;
  'POST /internal/accounts/:account_id/addresses/:entry_id/remove': (account_id: Ref, entry_id: Ref, body: AddressBookActionDto) => AddressEntryDto;
  'POST /internal/accounts/:account_id/entries/:entry_id/reversal': (account_id: Ref, entry_id: Ref, body: ReverseEntryDto) => ReversalDto | AwaitedDto;
  'POST /internal/accounts/:account_id/freezes': (account_id: Ref, body: FreezeAccountDto) => FreezeDto;
  'POST /internal/accounts/:account_id/freezes/:freeze_id/lift': (account_id: Ref, freeze_id: Ref) => FreezeDto;
  'POST /internal/accounts/:account_id/fundings': (account_id: Ref, body: FundLedgerAccountDto) => LedgerFundingDto | AwaitedDto;
  'POST /internal/accounts/:account_id/signers': (account_id: Ref, body: AddSignerDto) => SignerDto | AwaitedDto;
  'POST /internal/accounts/:account_id/signers/revoke': (account_id: Ref, body: RevokeSignerDto) => SignerDto;
  'POST /internal/accounts/:account_id/transfers': (account_id: Ref, body: TransferFundsDto) => TransferDto | AwaitedDto;
  'POST /internal/book-halts/resume': (body: LiftBookHaltDto) => BookHaltDto | AwaitedDto;
  'POST /internal/holds/again': (body: SendAgainDto) => readonly SentAgainDto[];
  'POST /internal/holds/comparison': (body: CompareHoldsDto) => HoldsComparedDto;
  'POST /internal/holds/found': (body: FindHoldsDto) => readonly FoundHoldDto[];
  'POST /internal/journal/detachments': (body: DetachJournalDto) => DetachmentDto;
  'POST /internal/passkeys': (body: RegisterPasskeyDto) => AwaitedDto;
  'POST /internal/passkeys/revoke': (body: RevokePasskeyDto) => PasskeyDto;
  'POST /internal/payment-approvals/:withdrawal_id/votes': (withdrawal_id: Ref, body: VoteOnPaymentDto) => PaymentApprovalDto;
  'POST /internal/policy': (body: PublishPolicyDto) => PolicyVersionDto | AwaitedDto;
  'POST /internal/policy/differences': (body: ComparePolicyDto) => PolicyDifferencesDto;
  'POST /internal/policy/dry-run': (body: DryRunPolicyDto) => DryRunDto;
  'POST /internal/policy/preview': (body: PreviewPolicyDto) => PolicyPreviewDto;
  'POST /internal/policy/prices': (body: SetPolicyPriceDto) => PolicyPriceDto | AwaitedDto;
  'POST /internal/proof': (body: ProveBookDto) => ProofDto;
}

export interface AuditorCalls {
  'GET /internal/findings': () => readonly AuditFindingDto[];
  'GET /internal/findings/:id': (id: Ref) => AuditFindingDto;
  'POST /internal/findings/:id/close': (id: Ref, body: CloseAuditFindingDto) => AuditFindingDto | AwaitedDto;
}

export interface WebhooksCalls {
  'DELETE /internal/webhooks/:id?': (id: Ref, query?: WebhookOwnerQuery) => WebhookDto;
  'GET /internal/deliveries/:id?': (id: Ref, query?: DeliveryOwnerQuery) => DeliveryHistoryDto;
  'GET /internal/events?': (query: AccountEventsQuery) => Page<AccountEventDto>;
  'GET /internal/webhooks/:id/deliveries?': (id: Ref, query?: DeliveryListQuery) => Page<DeliveryDto>;
  'GET /internal/webhooks/:id?': (id: Ref, query?: WebhookOwnerQuery) => WebhookDto;
  'GET /internal/webhooks?': (query: WebhookListQuery) => readonly WebhookDto[];
  'PATCH /internal/webhooks/:id?': (id: Ref, query: WebhookOwnerQuery, body: EditWebhookDto) => WebhookDto;
  'POST /internal/deliveries/:id/requeue?': (id: Ref, query?: DeliveryOwnerQuery) => DeliveryDto;
  'POST /internal/webhooks': (body: CreateWebhookDto) => CreatedWebhookDto | AwaitedDto;
  'POST /internal/webhooks/:id/pause': (id: Ref) => WebhookDto;
  'POST /internal/webhooks/:id/requeue': (id: Ref, body: RequeueDto) => RequeuedDto;
  'POST /internal/webhooks/:id/resume?': (id: Ref, query?: WebhookOwnerQuery) => WebhookDto;
  'POST /internal/webhooks/:id/rotate?': (id: Ref, query: WebhookOwnerQuery, body: RotateSecretDto) => CreatedWebhookDto;
  'POST /internal/webhooks/:id/test?': (id: Ref, query?: WebhookOwnerQuery) => DeliveryDto;
  'POST /internal/webhooks/rewrap': () => RewrappedKeysDto;
}

export interface ConnectorCalls {
  'GET /internal/assets': () => readonly VenueAssetDto[];
  'GET /internal/breaks': () => readonly BreakDto[];
  'GET /internal/breaks/:id': (id: Ref) => BreakDto;
  'GET /internal/cases': () => readonly CaseDto[];
  'GET /internal/halts/records': () => readonly UnclaimedRecordDto[];
  'GET /internal/submissions/:withdrawalId': (withdrawalId: Ref) => SubmissionHistoryDto;
  'GET /internal/submissions?': (query?: SubmissionsQuery) => readonly SubmissionDto[];
  'POST /internal/assets': (body: SetVenueAssetDto) => VenueAssetDto | AwaitedDto;
  'POST /internal/breaks/:id/close': (id: Ref, body: CloseBreakDto) => BreakDto;
  'POST /internal/submissions/:withdrawalId/decision': (withdrawalId: Ref, body: DecideDto) => DecidedDto | AwaitedDto;
}

export interface WalletCalls {
  'GET /internal/wallets': () => readonly WalletDto[];
  'POST /internal/transfers/trial': (body: TryTransferDto) => TransferTrialDto;
  'POST /internal/wallets/:network/:address/resume': (network: Ref, address: Ref, body: ResumeWalletDto) => WalletDto | AwaitedDto;
}

export interface SignerCalls {
  'POST /internal/wallets/:network/:address/next-nonce': (network: Ref, address: Ref, body: PlaceNonceDto) => PlacedNonceDto | AwaitedDto;
}
