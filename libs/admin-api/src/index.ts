export { isIpRule } from './intake/ip-rule.js';
export { AdminController } from './callers/admin-controller.js';
export { BreakDto, BreakParams, CloseBreakDto } from './connector/break.dto.js';
export type { AdminRequest } from './callers/admin-request.js';
export { CallerGuard, CALLERS, type Callers } from './callers/caller.guard.js';
export { CredentialOf } from './callers/credential-of.js';
export { CallerOf } from './callers/caller-of.js';
export { ROLES, type Caller, type Role } from './callers/caller.js';
export { CaseDto } from './connector/case.dto.js';
export { SetVenueAssetDto, VenueAssetDto } from './connector/venue-asset.dto.js';
export {
  PlacedNonceDto,
  PlaceNonceDto,
  ResumeWalletDto,
  WalletDto,
  WalletFundsDto,
  WalletParams,
} from './connector/wallet.dto.js';
export {
  TransferTrialDto,
  TRIAL_OUTCOMES,
  TryTransferDto,
  type TrialOutcome,
} from './connector/transfer-trial.dto.js';
export { UnclaimedRecordDto } from './connector/unclaimed-record.dto.js';
export {
  AttemptDto,
  DecidedDto,
  DecideDto,
  DecisionDto,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
} from './connector/submission.dto.js';
export {
  AccountBalanceDto,
  AccountParams,
  AccountRowDto,
  AccountSettingsDto,
  CreateAccountDto,
  CreatedAccountDto,
} from './intake/account.dto.js';
export {
  LostWithdrawalDto,
  LedgerDifferenceDto,
  LedgerDifferencesDto,
  RecoverLedgerDto,
} from './intake/ledger-difference.dto.js';
export {
  ApiKeyDto,
  ApiKeyParams,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  KEY_ALGORITHMS,
  PERMISSIONS,
  RevokedApiKeyDto,
  RewrappedKeysDto,
  RotateApiKeyDto,
  RotatedApiKeyDto,
  type KeyAlgorithm,
  type Permission,
} from './intake/api-key.dto.js';
export { AddSignerDto, OrderCaseDto, RevokeSignerDto, SignerDto } from './ledger/signers.dto.js';
export { AccountFundingDto, FundAccountDto } from './intake/funding.dto.js';
export { RouteDto, RouteVenueDto, SetRouteDto } from './intake/route.dto.js';
export {
  AccountTermsDto,
  CHAIN_FAMILIES,
  CurrencyTermsDto,
  NetworkTermsDto,
  SetAccountTermsDto,
  SetCurrencyTermsDto,
  SetNetworkTermsDto,
  VERSION_STATES,
  type VersionState,
} from './intake/terms.dto.js';
export {
  WithdrawalCaseDto,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalRowDto,
  WithdrawalStepDto,
} from './intake/withdrawal.dto.js';
export { KEEPS_OWN_RECORD, KeepsOwnRecord } from './callers/keeps-own-record.js';
export { Refuses } from './refuses.js';
export { refusalOf, Requires, requirementsOf, type Requirement } from './callers/requires.js';
export { CallerDto } from './platform/caller.dto.js';
export {
  DeadLetterDto,
  DeadLetterParams,
  DismissDeadLetterDto,
  DismissedDeadLetterDto,
  ReplayedDeadLetterDto,
} from './platform/dead-letter.dto.js';
export { acceptedWhenAwaited, MayAwait } from './accepted.js';
export { ApprovalDto, ApprovalParams, ApprovedDto, AwaitedDto } from './platform/approval.dto.js';
export {
  AuditEntryDto,
  AuditHeadDto,
  AuditProofDto,
  AuditQuery,
  ProveAuditDto,
} from './platform/audit.dto.js';
export {
  HALT_SCOPES,
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  type HaltScope,
} from './platform/halt.dto.js';
export { InvariantReportDto, ViolationDto } from './platform/invariant-report.dto.js';
export {
  FindingDto,
  IdentityDto,
  KeyPrintDto,
  SelfCheckDto,
  UnknownDto,
} from './platform/self-check.dto.js';
export { BatchParams, SkipBatchDto, SkippedBatchDto } from './platform/skipped-batch.dto.js';
export {
  FundLedgerAccountDto,
  LedgerAccountDto,
  LedgerAccountParams,
  LedgerFundingDto,
  OpenLedgerAccountDto,
} from './ledger/accounts.dto.js';
export {
  BalancesAtParams,
  BalancesAtQuery,
  BalancesQuery,
  LedgerBalanceDto,
} from './ledger/balances.dto.js';
export { BookHaltDto, LiftBookHaltDto } from './ledger/book-halt.dto.js';
export { DetachJournalDto, DetachmentDto } from './ledger/detachments.dto.js';
export {
  EntryDto,
  EntryParams,
  MoneyOrderDto,
  PostingDto,
  WithdrawalEntriesParams,
} from './ledger/entries.dto.js';
export {
  FreezeAccountDto,
  FreezeDto,
  FreezeInForceDto,
  FreezeParams,
} from './ledger/freezes.dto.js';
export { HoldDto, HoldsQuery } from './ledger/holds.dto.js';
export {
  CommandAgainDto,
  CompareHoldsDto,
  ComparedHoldDto,
  FindHoldsDto,
  FoundHoldDto,
  HoldsComparedDto,
  MOST_COMPARED,
  MOST_SENT_AGAIN,
  SendAgainDto,
  SentAgainDto,
  WithdrawalAgainDto,
} from './ledger/hold-comparison.dto.js';
export {
  HouseAccountParams,
  HouseBalancesAtParams,
  HouseBalancesDto,
} from './ledger/house-accounts.dto.js';
export {
  ChainHeadDto,
  ChainReportDto,
  DivergenceDto,
  ProofDto,
  ProveBookDto,
} from './ledger/proof.dto.js';
export { StatementLineDto, StatementQuery } from './ledger/statement.dto.js';
export {
  ReversalDto,
  ReversalParams,
  ReverseEntryDto,
  TransferDto,
  TransferFundsDto,
} from './ledger/transfers.dto.js';
export {
  DELIVERY_STATUSES,
  DeliveryAttemptDto,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryListQuery,
  DeliveryOwnerQuery,
  DeliveryParams,
  RequeueDto,
  RequeuedDto,
  type DeliveryStatus,
} from './webhooks/delivery.dto.js';
export { AccountEventDto, AccountEventsQuery } from './webhooks/event.dto.js';
export {
  CreatedWebhookDto,
  CreateWebhookDto,
  EditWebhookDto,
  MOST_OVERLAP_SECONDS,
  RotateSecretDto,
  WEBHOOK_EVENTS,
  WEBHOOK_STATES,
  WebhookDto,
  WebhookListQuery,
  WebhookOwnerQuery,
  WebhookParams,
  type WebhookEvent,
  type WebhookState,
} from './webhooks/webhook.dto.js';
