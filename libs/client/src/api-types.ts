// Written by `npm run reference` from the OpenAPI document of the public API.

export type Destination =
  | { readonly type: 'address'; readonly address: string; readonly memo?: string; }
  | { readonly type: 'venue_account'; readonly kind: 'uid' | 'cid' | 'email' | 'phone'; readonly value: string; readonly area_code?: string; }
  | { readonly type: 'reference_account'; readonly user_id: string; readonly account_group_id: string; readonly reference_account_id: string; readonly remittance_information?: string; readonly purpose_code?: string; };

export type RequestedDestination =
  | { readonly type: 'address'; readonly address: string; readonly memo?: string | null; }
  | { readonly type: 'venue_account'; readonly kind: 'uid' | 'cid' | 'email' | 'phone'; readonly value: string; readonly area_code?: string | null; }
  | { readonly type: 'reference_account'; readonly user_id: string; readonly account_group_id: string; readonly reference_account_id: string; readonly remittance_information?: string | null; readonly purpose_code?: string | null; };

export type TransactionDirection =
  | 'deposit'
  | 'withdrawal'
  | 'sweep'
  | 'gas_topup';

export type WebhookEventName =
  | 'deposit.detected'
  | 'deposit.confirmed'
  | 'deposit.swept'
  | 'withdrawal.broadcasted'
  | 'withdrawal.confirmed'
  | 'withdrawal.failed'
  | 'withdrawal.cancelled'
  | 'withdrawal.returned'
  | 'withdrawal.awaiting_approval'
  | 'withdrawal.approved'
  | 'webhook.paused';

export type WithdrawalStatus =
  | 'pending'
  | 'broadcasted'
  | 'confirmed'
  | 'failed'
  | 'cancelled';

export interface AddressBook {
  /** Payments only to usable addresses of the book; default false. */
  readonly only_book: boolean;
  /** Confirmation of new addresses: none, by another API key, or by an operator; default `none`. */
  readonly confirmation: 'none' | 'key' | 'person';
  /** Waiting time of new addresses and of looser settings; default 24. */
  readonly waits_hours: number;
  /** Looser settings that wait. */
  readonly next: { readonly only_book: boolean; readonly confirmation: 'none' | 'key' | 'person'; readonly waits_hours: number; readonly starts_at: string; } | null;
}

/** Settings of the account's address book. */
export interface AddressBookTerms {
  /** Payments only to usable addresses of the book; default false. */
  readonly only_book: boolean;
  /** Confirmation of new addresses: none, by another API key, or by an operator; default `none`. */
  readonly confirmation: 'none' | 'key' | 'person';
  /** Waiting time of new addresses and of looser settings; default 24. */
  readonly waits_hours: number;
}

/** Address of the account's book. Payments may use it from `usable_at` on. */
export interface Address {
  readonly id: string;
  readonly network: string;
  readonly destination: Destination;
  readonly label: string;
  readonly state: 'waiting_for_confirmation' | 'waiting' | 'usable' | 'removed';
  /** API key, or `operator`. */
  readonly added_by: string;
  readonly added_at: string;
  /** Confirmation that the address needs. */
  readonly confirmation: 'none' | 'key' | 'person';
  /** API key, or `operator`. */
  readonly confirmed_by: string | null;
  /** Null while the confirmation is missing. */
  readonly usable_at: string | null;
  readonly removed_at: string | null;
}

/** Balance of an account per currency and network: total, reserved and available. Decimal text. */
export interface Balance {
  readonly currency: string;
  readonly network: string;
  /** Decimal text: booked balance. */
  readonly balance: string;
  /** Decimal text: amount reserved by withdrawals. */
  readonly held: string;
  /** Decimal text: `balance − held`. */
  readonly available: string;
}

/** Result of a cancel request. */
export interface CancelWish {
  readonly status: 'requested' | 'refused' | 'done';
  /** The pending condition, or the reason of the refusal. */
  readonly message: string | null;
  readonly requested_at: string | null;
}

/**
 * Body of `POST /v1/withdrawals`. Unknown fields are ignored, except for near misspellings of known
 * fields, and names of a memo or an idempotency key.
 */
export interface RequestedWithdrawal {
  /** Upper or lower case. */
  readonly currency: string;
  /** Upper or lower case. */
  readonly network: string;
  /**
   * Validated for the network before funds are reserved; required unless `destination` is given.
   */
  readonly to_address?: string | null;
  /** Recipient in place of `to_address`, memo included. */
  readonly destination?: RequestedDestination | null;
  /**
   * Amount the recipient receives; the fee is added. A JSON number is accepted as well and is read
   * digit by digit.
   */
  readonly amount: string;
  /** Idempotency key. **A retry without this key can pay twice**. */
  readonly client_reference?: string | null;
  /** Pins the venue, in any case; the withdrawal never fails over. */
  readonly venue?: string | null;
}

/**
 * Currency on a network with the account's current terms. Amounts are decimal text with the
 * contract's padding.
 */
export interface Currency {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  /** True for a token of a contract, false for the native coin of the network. */
  readonly is_token: boolean;
  readonly contract_address: string | null;
  readonly decimals: number;
  readonly deposit_enabled: boolean;
  readonly withdrawal_enabled: boolean;
  readonly min_deposit_amount: string;
  readonly min_withdrawal_amount: string;
  readonly withdrawal_fee_flat: string;
  /** Percentage: 0.1 is a thousandth of the amount. */
  readonly withdrawal_fee_percent: string;
}

/** Changes of a webhook; omitted fields stay unchanged. */
export interface WebhookChange {
  readonly url?: string | null;
  /** Subscribed events. */
  readonly events?: readonly WebhookEventName[] | null;
  /** `null` removes the description. */
  readonly description?: string | null;
}

export interface HotWalletAddress {
  readonly network: string;
  readonly address: string;
}

/**
 * Webhook with its secret, only in the answers to a registration and to a rotation: store the
 * secret immediately.
 */
export interface CreatedWebhook {
  readonly id: string;
  readonly url: string;
  /**
   * Subscribed events: deposit.detected, deposit.confirmed, deposit.swept, withdrawal.broadcasted,
   * withdrawal.confirmed, withdrawal.failed, withdrawal.cancelled, withdrawal.returned,
   * withdrawal.awaiting_approval, withdrawal.approved, webhook.paused. New values may appear.
   */
  readonly events: readonly WebhookEventName[];
  readonly description: string | null;
  readonly state: 'enabled' | 'paused' | 'deleted';
  readonly created_at: string;
  /** Start of the pause: no event is sent since then. */
  readonly paused_at: string | null;
  /**
   * `failures`: every attempt of three days failed; `wish`: an operator paused the webhook. New
   * values may appear.
   */
  readonly paused_because: string | null;
  /** Start of the current failures: every attempt has failed since then. */
  readonly failing_since: string | null;
  /** End of the overlap: until then the previous secret signs as well. */
  readonly previous_secret_until: string | null;
  readonly secret: string;
}

/** Expected result of a withdrawal request. */
export interface WithdrawalPreview {
  /** Number of the withdrawal with the same `client_reference`; null if none exists. */
  readonly withdrawal_id: number | null;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  readonly destination: Destination;
  readonly amount: string;
  readonly fee: string;
  /** Sum of amount and fee: the reserved amount. */
  readonly total: string;
  /** First venue of the route for this request. */
  readonly venue: string;
  /** Expected time of the submission; null if the venue would submit at once. */
  readonly expected_at: string | null;
  /** The stage in which the request would wait for people; null: none. */
  readonly stage: 'awaiting_approval' | null;
  readonly client_reference: string | null;
}

/** Body of `POST /v1/addresses`; recipients are given as in `POST /v1/withdrawals`. */
export interface NewAddress {
  /** Upper or lower case. */
  readonly network: string;
  /**
   * Validated for the network before funds are reserved; required unless `destination` is given.
   */
  readonly to_address?: string | null;
  /** Recipient in place of `to_address`, memo included. */
  readonly destination?: RequestedDestination | null;
  /** Name for people. */
  readonly label: string;
}

/** New webhook. The webhooks service validates the content. */
export interface NewWebhook {
  readonly url: string;
  /** Subscribed events. */
  readonly events: readonly WebhookEventName[];
  /** Purpose, for people. */
  readonly description?: string | null;
  /**
   * A repeat with the same key creates nothing and returns the same secret, for a day and while
   * that secret is in use. The header `Idempotency-Key` is equivalent and is not signed.
   */
  readonly idempotency_key?: string | null;
}

/** Webhook as shown to the account. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  /**
   * Subscribed events: deposit.detected, deposit.confirmed, deposit.swept, withdrawal.broadcasted,
   * withdrawal.confirmed, withdrawal.failed, withdrawal.cancelled, withdrawal.returned,
   * withdrawal.awaiting_approval, withdrawal.approved, webhook.paused. New values may appear.
   */
  readonly events: readonly WebhookEventName[];
  readonly description: string | null;
  readonly state: 'enabled' | 'paused' | 'deleted';
  readonly created_at: string;
  /** Start of the pause: no event is sent since then. */
  readonly paused_at: string | null;
  /**
   * `failures`: every attempt of three days failed; `wish`: an operator paused the webhook. New
   * values may appear.
   */
  readonly paused_because: string | null;
  /** Start of the current failures: every attempt has failed since then. */
  readonly failing_since: string | null;
  /** End of the overlap: until then the previous secret signs as well. */
  readonly previous_secret_until: string | null;
}

export interface SecretRotation {
  /**
   * Seconds in which the previous secret signs as well; default 86400. 0 ends the previous secret
   * at once.
   */
  readonly overlap_seconds?: number | null;
  /**
   * A repeat with the same key creates nothing and returns the same secret, for a day and while
   * that secret is in use. The header `Idempotency-Key` is equivalent and is not signed.
   */
  readonly idempotency_key?: string | null;
}

/** The answer to the first call. */
export interface FirstAnswer {
  readonly status: WithdrawalStatus;
  /** The pending step. New values may appear: build on `status`. */
  readonly stage: string;
  /** Expected time of the submission while the withdrawal waits in the queue of a venue. */
  readonly expected_at?: string | null;
  /** Number for `GET /v1/withdrawals/{withdrawal_id}`. */
  readonly withdrawal_id: number;
  /**
   * Null until the transaction is on the chain. Our own wallet may replace a stuck transaction: the
   * hash then changes, and the last hash is that of the mined transaction.
   */
  readonly tx_hash: string | null;
  readonly network: string;
  readonly currency: string;
  readonly to_address: string;
  /** Decimal text. */
  readonly amount_decimal: string;
  /** Decimal text, on top of the amount. */
  readonly fee_decimal: string;
  /** The current venue. */
  readonly venue: string;
}

/** Step of a withdrawal: time, resulting state and evidence. */
export interface TimelineStep {
  readonly at: string | null;
  /** Fact of the step. New values may appear. */
  readonly event: string;
  readonly status: WithdrawalStatus;
  /** Pending condition after the step. */
  readonly stage: string;
  /** Text for people; the wording may change. */
  readonly evidence: string;
  /** Venue after the step. */
  readonly venue: string;
  readonly tx_hash: string | null;
  /**
   * Number of confirmations, the block of the transaction included. The number grows while the
   * status is `broadcasted` and is fixed at finality; null before the transaction is mined, and for
   * venues that count confirmations themselves.
   */
  readonly confirmations: number | null;
  /** Null until the transaction is mined, and for venues that do not report the block. */
  readonly block_number: number | null;
}

/** Withdrawal or wallet top-up, in the contract's form for transactions. */
export interface Transaction {
  readonly id: number;
  /** Null until the transaction is on a chain. */
  readonly tx_hash: string | null;
  readonly direction: TransactionDirection;
  readonly status: WithdrawalStatus;
  readonly currency: string;
  readonly network: string;
  /** Address of our own wallet; null for a payment from an account at a venue. */
  readonly from_address: string | null;
  readonly to_address: string;
  readonly amount_decimal: string;
  /**
   * Number of confirmations, the block of the transaction included. The number grows while the
   * status is `broadcasted` and is fixed at finality; null before the transaction is mined, and for
   * venues that count confirmations themselves.
   */
  readonly confirmations: number | null;
  /** Null until the transaction is mined, and for venues that do not report the block. */
  readonly block_number: number | null;
  readonly created_at: string | null;
  readonly confirmed_at: string | null;
}

/** Delivery request and the result. The receiver's response body and headers are not shown. */
export interface WebhookAttempt {
  readonly started_at: string;
  readonly duration_ms: number | null;
  /** HTTP status; null without a response. */
  readonly http_status: number | null;
  /**
   * Cause of a missing response: `timeout`, `connection_refused`, `connection_lost`, `unreachable`,
   * `tls`, `not_http` (the bytes are no valid response), `headers_too_large` (above 16 KiB),
   * `name_not_resolved`, `forbidden_address` and others; `forged_delivery`: the row was not written
   * by the service, and nothing was sent; `outcome_unknown`: our process ended before the result
   * was known.
   */
  readonly error: string | null;
}

/** Delivery of an event to a webhook. */
export interface WebhookDelivery {
  /** `id` of the body, equal for every attempt. */
  readonly id: number;
  readonly webhook_id: string;
  readonly event: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** Attempts since the delivery was scheduled or redelivered. */
  readonly attempt_count: number;
  readonly next_retry_at: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

export interface WebhookDeliveryLog {
  /** `id` of the body, equal for every attempt. */
  readonly id: number;
  readonly webhook_id: string;
  readonly event: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** Attempts since the delivery was scheduled or redelivered. */
  readonly attempt_count: number;
  readonly next_retry_at: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
  /** Bytes of the body, equal for every attempt. */
  readonly body: string;
  readonly attempts: readonly WebhookAttempt[];
}

/** The answer to a replay, to GET and to DELETE. */
export interface LaterAnswer {
  readonly status: WithdrawalStatus;
  /** The pending step. New values may appear: build on `status`. */
  readonly stage: string;
  /** Expected time of the submission while the withdrawal waits in the queue of a venue. */
  readonly expected_at?: string | null;
  readonly id: number;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  /** Decimal text. */
  readonly amount: string;
  /** Decimal text, on top of the amount. */
  readonly fee: string;
  /**
   * Null until the transaction is on the chain. Our own wallet may replace a stuck transaction: the
   * hash then changes, and the last hash is that of the mined transaction.
   */
  readonly tx_hash: string | null;
  /** Sentence for people that belongs to `error_code`. */
  readonly error_message: string | null;
  /**
   * Reason of the failure as a stable code: `insufficient_funds`, `account_not_enabled`,
   * `order_not_signed`, `policy_denied`, `limit_exceeded`, `approval_refused`, `approval_expired`,
   * `held_before`, `broadcast_rejected`, `recipient_rejected`, `venue_rejected`, `expired`,
   * `declared_absent`, `cancelled`. Treat an unknown code as `venue_rejected`.
   */
  readonly error_code: string | null;
  readonly requested_at: string | null;
  readonly broadcast_at: string | null;
  readonly confirmed_at: string | null;
  readonly returned_at: string | null;
  /**
   * Number of confirmations, the block of the transaction included. The number grows while the
   * status is `broadcasted` and is fixed at finality; null before the transaction is mined, and for
   * venues that count confirmations themselves.
   */
  readonly confirmations: number | null;
  /** Null until the transaction is mined, and for venues that do not report the block. */
  readonly block_number: number | null;
  /**
   * Amount of a confirmed payment that came back and was credited at `returned_at`; null without a
   * return. The fee stays charged.
   */
  readonly returned_amount: string | null;
  /** The current venue. */
  readonly venue: string;
  readonly destination: Destination;
  /** The reference of the request. */
  readonly client_reference: string | null;
  /** Present after a cancel request. */
  readonly cancel?: CancelWish;
}

export interface AddressFilter {
  /** Id of the last address of the page before. */
  readonly after?: string;
  /** Default 100. */
  readonly limit?: number;
}

export interface AssetFilter {
  /** Filter, upper or lower case. */
  readonly currency?: string;
  /** Filter, upper or lower case. */
  readonly network?: string;
}

export interface DeliveryFilter {
  /** `next_cursor` of the previous page; omitted for the first page. */
  readonly cursor?: string | number;
  /** Default 50. */
  readonly limit?: number;
  readonly status?: 'pending' | 'delivered' | 'failed';
}

export interface EventFilter {
  /** `next_cursor` of the previous page; omitted for the first page. */
  readonly cursor?: string | number;
  /** Default 50. */
  readonly limit?: number;
  readonly event?: WebhookEventName;
  readonly withdrawal_id?: number;
  readonly client_reference?: string;
  /** Scheduled then or later. */
  readonly created_since?: string;
  /** Scheduled before then. */
  readonly created_before?: string;
}

export interface TransactionFilter {
  readonly status?: WithdrawalStatus;
  readonly currency?: string;
  readonly network?: string;
  /** `next_cursor` of the previous page; omitted for the first page. */
  readonly cursor?: string | number;
  /** Default 50. */
  readonly limit?: number;
  readonly direction?: TransactionDirection;
}

export interface WithdrawalFilter {
  readonly status?: WithdrawalStatus;
  readonly currency?: string;
  readonly network?: string;
  /** `next_cursor` of the previous page; omitted for the first page. */
  readonly cursor?: string | number;
  /** Default 50. */
  readonly limit?: number;
  readonly stage?: 'awaiting_hold' | 'awaiting_approval' | 'awaiting_venue' | 'verifying_submission' | 'awaiting_decision' | 'processing_at_venue' | 'awaiting_confirmations' | 'booking' | 'releasing_hold' | 'done' | 'returning' | 'returned';
  /** Current venue, or the last venue of an ended withdrawal; in any case. */
  readonly venue?: string;
  readonly client_reference?: string;
  /** Requested then or later. */
  readonly requested_since?: string;
  /** Requested before then. */
  readonly requested_before?: string;
}

/** Data of the events of a withdrawal. */
export interface WithdrawalEventFields {
  readonly withdrawal_id: number;
  readonly client_reference: string | null;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  /** Decimal text, padded to the decimals of the currency. */
  readonly amount: string;
  /** Decimal text, padded to the decimals of the currency. */
  readonly fee: string;
  readonly tx_hash: string | null;
  readonly broadcast_at: string | null;
  /** Public status after this event. */
  readonly status: string;
  /** Number of the published event: the event with the higher number is newer. */
  readonly sequence: number;
  readonly confirmations?: number | null;
  readonly block_number?: number | null;
  readonly confirmed_at?: string;
  /** Stable code of the reason. New values may appear. */
  readonly reason?: string | null;
  /** Sentence for people that belongs to `reason`. */
  readonly error_message?: string | null;
  readonly cancelled_at?: string;
  /** Decimal text, padded to the decimals of the currency. */
  readonly returned_amount?: string;
  readonly returned_at?: string;
}

export const WITHDRAWAL_EVENTS: readonly string[] = [
  'withdrawal.broadcasted',
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
  'withdrawal.returned',
  'withdrawal.awaiting_approval',
  'withdrawal.approved',
];

export const WITHDRAWAL_FIELDS: readonly string[] = [
  'status',
  'stage',
  'expected_at',
  'id',
  'currency',
  'network',
  'to_address',
  'amount',
  'fee',
  'tx_hash',
  'error_message',
  'error_code',
  'requested_at',
  'broadcast_at',
  'confirmed_at',
  'returned_at',
  'confirmations',
  'block_number',
  'returned_amount',
  'venue',
  'destination',
  'client_reference',
  'cancel',
];
