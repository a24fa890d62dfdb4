export type {
  Address,
  AddressBook,
  AddressBookTerms,
  AddressFilter,
  Addresses,
  NewAddress,
} from './addresses.js';
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
export type { BatchResult } from './batch.js';
export { NoAnswerError, OutcomeUnknownError, SluiceError, StillPendingError } from './errors.js';
export type {
  AssetFilter,
  Balance,
  Currency,
  Transaction,
  TransactionDirection,
  TransactionFilter,
} from './holdings.js';
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
  type WebhookEventName,
  type WithdrawalEvent,
  type WithdrawalEventData,
} from './webhook-event.js';
export type {
  CreatedWebhook,
  DeliveryFilter,
  EventFilter,
  NewWebhook,
  SecretRotation,
  Webhook,
  WebhookAttempt,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryLog,
} from './webhooks.js';
export {
  type CancelWish,
  type Confirmation,
  type Destination,
  isFinal,
  type Milestone,
  type Withdrawal,
  type WithdrawalOrder,
  type WithdrawalStatus,
} from './withdrawal.js';
export type { TimelineStep, Waiting, WithdrawalFilter, WithdrawalPreview } from './withdrawals.js';
