/** The first six are events of the contract, three of them reserved. */
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

/** Withdrawal data of an event. Amounts are decimal text. New fields may appear. */
export interface WithdrawalEventData {
  readonly withdrawal_id: number;
  readonly client_reference: string | null;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  readonly amount: string;
  readonly fee: string;
  readonly tx_hash: string | null;
  readonly broadcast_at?: string | null;
  /**
   * In `withdrawal.confirmed`, for a payment from our own wallet; null for a payment by a venue.
   */
  readonly confirmations?: number | null;
  readonly block_number?: number | null;
  /** In `withdrawal.returned`: the credited amount, and the time of the credit. */
  readonly returned_amount?: string;
  readonly returned_at?: string;
  /** Failure reason: a stable code in `reason`, a sentence in `error_message`. */
  readonly reason?: string | null;
  readonly error_message?: string | null;
  /**
   * Extension of the contract: status, and step number of the withdrawal. Events may arrive in
   * another order.
   */
  readonly status?: string;
  readonly sequence?: number;
  readonly [more: string]: unknown;
}

/**
 * A received webhook event. `id` identifies the delivery and is the same in each attempt: process
 * an id only once.
 */
export interface WebhookEvent {
  readonly id: number;
  /** A `WebhookEventName`. Answer unknown names with 2xx and ignore the event. */
  readonly event: string;
  /** Creation time of the delivery, not of the event. */
  readonly created_at: string;
  readonly api_version: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WithdrawalEvent extends WebhookEvent {
  readonly event: Extract<WebhookEventName, `withdrawal.${string}`>;
  readonly data: WithdrawalEventData;
}

const OF_WITHDRAWALS: readonly string[] = [
  'withdrawal.broadcasted',
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
  'withdrawal.returned',
  'withdrawal.awaiting_approval',
  'withdrawal.approved',
];

export function isWithdrawalEvent(event: WebhookEvent): event is WithdrawalEvent {
  return OF_WITHDRAWALS.includes(event.event);
}
