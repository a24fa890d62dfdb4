import { Amount, assetOf, destinationOf, recipientText } from '@sluice/kernel';
import type { Message, withdrawalEvents } from '@sluice/messages';
import { WITHDRAWAL_EVENT_FIELDS, type EventField, type SubscribedEvent } from '@sluice/http-api';

export type WithdrawalStep = Message<typeof withdrawalEvents>;

/** Event sent by an operator to test a webhook; no webhook can subscribe to the event. */
export const TEST_EVENT = 'webhook.test';

/** Notice about a webhook created by operators, sent to every webhook without subscription. */
export const CREATED_EVENT = 'webhook.created';

export interface NotifiedEvent {
  readonly event: SubscribedEvent | typeof TEST_EVENT | typeof CREATED_EVENT;
  readonly data: object;
}

const API_VERSION = '1';

/** Webhook event of a published event; null for unreported ones. */
export function notifiedBy({ type, data }: WithdrawalStep): NotifiedEvent | null {
  switch (type) {
    case 'withdrawal.broadcast.v1':
      return eventOf('withdrawal.broadcasted', data);
    case 'withdrawal.completed.v1':
      return eventOf('withdrawal.confirmed', data);
    case 'withdrawal.failed.v1':
      return eventOf('withdrawal.failed', data);
    case 'withdrawal.cancelled.v1':
      return eventOf('withdrawal.cancelled', data);
    case 'withdrawal.returned.v1':
      return eventOf('withdrawal.returned', data);
    case 'withdrawal.awaiting_approval.v1':
      return eventOf('withdrawal.awaiting_approval', data);
    case 'withdrawal.submitting.v1':
      return data.approved === true ? eventOf('withdrawal.approved', data) : null;
  }
}

/** Values of the fields: of the message, and computed ones. */
function valuesOf(data: WithdrawalStep['data']) {
  const recipient = recipientText({ ...data, destination: destinationOf(data.destination) });
  return { ...data, recipient, returned: data.returnedAmount ?? data.amount };
}

type Values = ReturnType<typeof valuesOf>;

const FIELDS: {
  readonly [Event in keyof typeof WITHDRAWAL_EVENT_FIELDS]: Readonly<
    Record<string, EventField & { readonly from: keyof Values }>
  >;
} = WITHDRAWAL_EVENT_FIELDS;

function eventOf(event: keyof typeof FIELDS, data: WithdrawalStep['data']): NotifiedEvent {
  const values = valuesOf(data);
  const fields = Object.entries(FIELDS[event]).map(([name, { from, form }]) => [
    name,
    written(form, values[from] ?? null, data),
  ]);
  return { event, data: Object.fromEntries(fields) as object };
}

function written(form: EventField['form'], value: unknown, data: WithdrawalStep['data']): unknown {
  if (value === null) return null;
  switch (form) {
    case 'text':
      return value;
    case 'number':
      return Number(value);
    case 'amount':
      return amountText(String(value), data);
    case 'time':
      return webhookTime(new Date(String(value)));
  }
}

/** Pads an amount as the REST API does. The amount of a message without decimals stays unpadded. */
function amountText(text: string, { decimals, currency, network }: WithdrawalStep['data']): string {
  return typeof decimals === 'number'
    ? Amount.of(text, assetOf(currency, network)).toFixed(decimals)
    : text;
}

/**
 * Returns the body text after the first field. `{"id":` and the delivery number are added when the
 * number is assigned. The text is stored and sent unchanged on every attempt.
 */
export function bodyAfterId({ event, data }: NotifiedEvent, scheduledAt: Date): string {
  const rest = { event, created_at: webhookTime(scheduledAt), api_version: API_VERSION, data };
  return `,${JSON.stringify(rest).slice(1)}`;
}

/**
 * Envelope format `2026-05-16T22:00:00Z`, with six fraction digits unless zero; differs from the
 * REST API.
 */
export function webhookTime(at: Date): string {
  const text = at.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`;
}
