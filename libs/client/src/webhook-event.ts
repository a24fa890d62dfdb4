/** Six of the contract, three of them reserved, and ours: `withdrawal.cancelled` and `webhook.paused`. */
export type WebhookEventName =
  | 'deposit.detected'
  | 'deposit.confirmed'
  | 'deposit.swept'
  | 'withdrawal.broadcasted'
  | 'withdrawal.confirmed'
  | 'withdrawal.failed'
  | 'withdrawal.cancelled'
  | 'webhook.paused';

/** What an event says of a withdrawal. Amounts are decimal text. New fields may appear. */
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
  /** Of `withdrawal.confirmed`, where our own wallet has paid it; null where a venue has. */
  readonly confirmations?: number | null;
  readonly block_number?: number | null;
  /** Why it failed, as a stable code, and its sentence. */
  readonly reason?: string | null;
  readonly error_message?: string | null;
  /** Ours: the status, and which step of the withdrawal this is; events may come in another order. */
  readonly status?: string;
  readonly sequence?: number;
  readonly [more: string]: unknown;
}

/** What a webhook brings. `id` is the delivery's, the same each time it is tried: handle one once. */
export interface WebhookEvent {
  readonly id: number;
  /** A `WebhookEventName`; one that you do not know is to be answered with 2xx and left alone. */
  readonly event: string;
  /** When the delivery was made, not when it happened. */
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
];

export function isWithdrawalEvent(event: WebhookEvent): event is WithdrawalEvent {
  return OF_WITHDRAWALS.includes(event.event);
}
