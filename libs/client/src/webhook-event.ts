import {
  WITHDRAWAL_EVENTS,
  type WebhookEventName,
  type WithdrawalEventFields,
} from './api-types.js';

/** Withdrawal data of an event. Events may arrive in another order; new fields may appear. */
export interface WithdrawalEventData extends WithdrawalEventFields {
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

export function isWithdrawalEvent(event: WebhookEvent): event is WithdrawalEvent {
  return WITHDRAWAL_EVENTS.includes(event.event);
}
