export type { Addresses } from './addresses.js';
export {
  AmountBelowMinimumError,
  ApiError,
  AuthenticationError,
  ClockError,
  ConflictError,
  CurrencyNotEnabledError,
  CurrencyNotFoundError,
  HotWalletNotAllocatedError,
  InsufficientBalanceError,
  InvalidAddressError,
  LimitExceededError,
  NetworkNotFoundError,
  NoHotWalletError,
  NotCancellableError,
  NotFoundError,
  OrderNotSignedError,
  PermissionError,
  PolicyDeniedError,
  RateLimitError,
  ReferenceReusedError,
  type Refusal,
  ServiceUnavailableError,
  SignatureUsedError,
  TooManyWebhooksError,
  UnfinishedError,
  ValidationError,
  WithdrawalFailedError,
  WithdrawalNotFoundError,
  WithdrawalsHaltedError,
} from './api-errors.js';
export type {
  Address,
  AddressBook,
  AddressBookTerms,
  AddressFilter,
  AssetFilter,
  Balance,
  CancelWish,
  CreatedWebhook,
  Currency,
  DeliveryFilter,
  Destination,
  EventFilter,
  NewAddress,
  NewWebhook,
  RequestedDestination,
  SecretRotation,
  TimelineStep,
  Transaction,
  TransactionDirection,
  TransactionFilter,
  Webhook,
  WebhookAttempt,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryLog,
  WebhookEventName,
  WithdrawalFilter,
  WithdrawalPreview,
  WithdrawalStatus,
} from './api-types.js';
export type { BatchResult } from './batch.js';
export { NoAnswerError, OutcomeUnknownError, SluiceError, StillPendingError } from './errors.js';
export type { Page } from './page.js';
export {
  canonicalRequest,
  type Credentials,
  type OwnKey,
  RequestSigner,
  type SecretKey,
  type SignableRequest,
} from './request-signature.js';
export type { CallOptions } from './signed-calls.js';
export { type ClientOptions, SluiceClient } from './sluice-client.js';
export {
  type ReceivedWebhook,
  verifyWebhook,
  type WebhookTrust,
  WebhookVerificationError,
} from './verify-webhook.js';
export {
  isWithdrawalEvent,
  type WebhookEvent,
  type WithdrawalEvent,
  type WithdrawalEventData,
} from './webhook-event.js';
export {
  type Confirmation,
  isFinal,
  type Milestone,
  type Withdrawal,
  type WithdrawalOrder,
} from './withdrawal.js';
export type { Waiting } from './withdrawals.js';
