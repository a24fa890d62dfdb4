export { Answers, AnswersList, AnswersNumberedPage, AnswersPage } from './http/answers.js';
export { Accepted } from './http/accepted.js';
export { ApiError } from './http/api-error.js';
export {
  failure,
  NumberedPageOf,
  PageOf,
  type Failure,
  type Page,
  type Success,
} from './http/envelope.js';
export { EnvelopeInterceptor } from './http/envelope.interceptor.js';
export { ExactPipe, readFields } from './http/exact.pipe.js';
export { DestinationField, meantOfDestination } from './http/destination-field.js';
export { meansIdempotencyKey, nearIdempotencyHeader } from './http/idempotency-names.js';
export { ClientReferenceField, LabelField } from './http/text-fields.js';
export {
  ChoiceField,
  DecimalField,
  Field,
  FlagField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
  type FieldOptions,
} from './http/fields.js';
export { parseJsonBody } from './http/json-body.js';
export { meaningIn, RefuseMisspelt } from './http/misspelt.js';
export { acceptRawBodies, RawBody, rawBodyOf } from './http/raw-body.js';
export { SERVED_AT, ServedAt, type Port } from './http/served-at.js';
export { withTexts } from './http/with-texts.js';
export { isIpRule } from './admin/intake/ip-rule.js';
export { AdminController } from './admin/callers/admin-controller.js';
export {
  AuditFindingDto,
  AuditFindingParams,
  CloseAuditFindingDto,
} from './admin/auditor/audit-finding.dto.js';
export { BreakDto, BreakParams, CloseBreakDto } from './admin/connector/break.dto.js';
export type { AdminRequest } from './admin/callers/admin-request.js';
export { CallerGuard, CALLERS, type Callers } from './admin/callers/caller.guard.js';
export { CredentialOf } from './admin/callers/credential-of.js';
export { CallerOf } from './admin/callers/caller-of.js';
export { ROLES, type Caller, type Role } from './admin/callers/caller.js';
export { CaseDto } from './admin/connector/case.dto.js';
export { SetVenueAssetDto, VenueAssetDto } from './admin/connector/venue-asset.dto.js';
export {
  PlacedNonceDto,
  PlaceNonceDto,
  ResumeWalletDto,
  WalletDto,
  WalletParams,
} from './admin/connector/wallet.dto.js';
export {
  TransferTrialDto,
  TryTransferDto,
  type TrialOutcome,
} from './admin/connector/transfer-trial.dto.js';
export { UnclaimedRecordDto } from './admin/connector/unclaimed-record.dto.js';
export {
  AttemptDto,
  DecidedDto,
  DecideDto,
  DecisionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
} from './admin/connector/submission.dto.js';
export {
  CHANGED_SUBMISSION,
  HANDED_OVER_SUBMISSION,
  SHOWN_SUBMISSION,
  SUBMISSION_COLUMNS,
  SUBMISSION_ORDER,
  SubmissionDto,
} from './admin/connector/submission-record.js';
export {
  AccountBalanceDto,
  AccountParams,
  AccountRowDto,
  AccountSettingsDto,
  CreateAccountDto,
  CreatedAccountDto,
} from './admin/intake/account.dto.js';
export {
  LostWithdrawalDto,
  LedgerDifferenceDto,
  LedgerDifferencesDto,
  RecoverLedgerDto,
} from './admin/intake/ledger-difference.dto.js';
export {
  ApiKeyDto,
  ApiKeyParams,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  PERMISSIONS,
  RevokedApiKeyDto,
  RewrappedKeysDto,
  RotateApiKeyDto,
  RotatedApiKeyDto,
  type KeyAlgorithm,
  type Permission,
} from './admin/intake/api-key.dto.js';
export {
  AddSignerDto,
  OrderCaseDto,
  RevokeSignerDto,
  SignerDto,
} from './admin/ledger/signers.dto.js';
export {
  PasskeyDto,
  PasskeyOptionsDto,
  PaymentApprovalDto,
  PaymentApprovalsQuery,
  RegisterPasskeyDto,
  RevokePasskeyDto,
  VoteOnPaymentDto,
} from './admin/ledger/payment-approvals.dto.js';
export {
  ComparePolicyDto,
  DryRunDto,
  DryRunPolicyDto,
  PolicyDecisionDto,
  PolicyDifferencesDto,
  PolicyPriceDto,
  PolicyVersionDto,
  PublishPolicyDto,
  SetPolicyPriceDto,
} from './admin/ledger/rule-sets.dto.js';
export { AccountFundingDto, FundAccountDto } from './admin/intake/funding.dto.js';
export { RouteDto, RouteVenueDto, SetRouteDto } from './admin/intake/route.dto.js';
export {
  AccountTermsDto,
  CurrencyTermsDto,
  NetworkTermsDto,
  SetAccountTermsDto,
  SetCurrencyTermsDto,
  SetNetworkTermsDto,
  type VersionState,
} from './admin/intake/terms.dto.js';
export {
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalStepDto,
} from './admin/intake/withdrawal.dto.js';
export {
  ARCHIVED_WITHDRAWAL,
  LISTED_WITHDRAWAL,
  SHOWN_WITHDRAWAL,
  WITHDRAWAL_CANCEL,
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_MARKS,
  WITHDRAWAL_PROGRESS,
  WITHDRAWAL_REQUEST,
  WITHDRAWAL_STEP,
  WITHDRAWAL_TIMES,
  WITHDRAWAL_VENUE,
  WITHDRAWAL_WAIT,
  WithdrawalRowDto,
} from './admin/intake/withdrawal-record.js';
export { KEEPS_OWN_RECORD, KeepsOwnRecord } from './admin/callers/keeps-own-record.js';
export { Refuses } from './admin/refuses.js';
export { Requires, requirementsOf } from './admin/callers/requires.js';
export { CallerDto } from './admin/platform/caller.dto.js';
export {
  DeadLetterDto,
  DeadLetterParams,
  DismissDeadLetterDto,
  DismissedDeadLetterDto,
  ReplayedDeadLetterDto,
} from './admin/platform/dead-letter.dto.js';
export { asWritten, type DatedRow } from './admin/as-written.js';
export { acceptedWhenAwaited, MayAwait } from './admin/accepted.js';
export {
  ApprovalDto,
  ApprovalParams,
  ApprovedDto,
  AwaitedDto,
} from './admin/platform/approval.dto.js';
export {
  AuditEntryDto,
  AuditHeadDto,
  AuditProofDto,
  AuditQuery,
  ProveAuditDto,
} from './admin/platform/audit.dto.js';
export {
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  type HaltScope,
} from './admin/platform/halt.dto.js';
export { InvariantReportDto, ViolationDto } from './admin/platform/invariant-report.dto.js';
export {
  FindingDto,
  KeyPrintDto,
  SelfCheckDto,
  UnknownDto,
} from './admin/platform/self-check.dto.js';
export { BatchParams, SkipBatchDto, SkippedBatchDto } from './admin/platform/skipped-batch.dto.js';
export {
  FundLedgerAccountDto,
  LedgerAccountDto,
  LedgerAccountParams,
  LedgerFundingDto,
  OpenLedgerAccountDto,
} from './admin/ledger/accounts.dto.js';
export {
  BalancesAtParams,
  BalancesAtQuery,
  BalancesQuery,
  LedgerBalanceDto,
} from './admin/ledger/balances.dto.js';
export { BookHaltDto, LiftBookHaltDto } from './admin/ledger/book-halt.dto.js';
export { DetachJournalDto, DetachmentDto } from './admin/ledger/detachments.dto.js';
export { EntryDto, EntryParams, WithdrawalEntriesParams } from './admin/ledger/entries.dto.js';
export {
  FreezeAccountDto,
  FreezeDto,
  FreezeInForceDto,
  FreezeParams,
} from './admin/ledger/freezes.dto.js';
export {
  HOLD_COLUMNS,
  HOLD_STATE,
  HOLD_TERMS,
  HoldDto,
  SHOWN_HOLD,
} from './admin/ledger/hold-record.js';
export { HoldsQuery } from './admin/ledger/holds.dto.js';
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
} from './admin/ledger/hold-comparison.dto.js';
export {
  HouseAccountParams,
  HouseBalancesAtParams,
  HouseBalancesDto,
} from './admin/ledger/house-accounts.dto.js';
export {
  AddAddressDto,
  AddressBookActionDto,
  AddressBookDto,
  AddressEntriesQuery,
  AddressEntryDto,
  AddressEntryParams,
  CONFIRMATIONS,
  SetAddressBookDto,
  type BookConfirmation,
} from './admin/ledger/address-book.dto.js';
export { PolicyPreviewDto, PreviewPolicyDto } from './admin/ledger/policy-preview.dto.js';
export { ChainHeadDto, ProofDto, ProveBookDto } from './admin/ledger/proof.dto.js';
export { StatementLineDto, StatementQuery } from './admin/ledger/statement.dto.js';
export {
  ReversalDto,
  ReversalParams,
  ReverseEntryDto,
  TransferDto,
  TransferFundsDto,
} from './admin/ledger/transfers.dto.js';
export {
  DeliveryAttemptDto,
  DeliveryHistoryDto,
  DeliveryListQuery,
  DeliveryOwnerQuery,
  DeliveryParams,
  RequeueDto,
  RequeuedDto,
} from './admin/webhooks/delivery.dto.js';
export {
  DELIVERY_ATTEMPT_COLUMNS,
  DELIVERY_COLUMNS,
  DELIVERY_PROGRESS,
  DELIVERY_STATUSES,
  DeliveryDto,
  SHOWN_DELIVERY,
  type DeliveryStatus,
} from './admin/webhooks/delivery-record.js';
export { AccountEventDto, AccountEventsQuery } from './admin/webhooks/event.dto.js';
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
  type SubscribedEvent,
  type WebhookState,
} from './admin/webhooks/webhook.dto.js';
