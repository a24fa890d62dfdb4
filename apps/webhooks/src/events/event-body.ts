import { Amount, assetOf, parseDestination } from '@sluice/kernel';
import type { Message, withdrawalEvents } from '@sluice/messages';
import { WITHDRAWAL_TIMES, type SubscribedEvent } from '@sluice/http-api';

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

/**
 * Event of a step; null for unreported steps. `withdrawal.broadcasted` comes once: after the
 * venue's report, or with the detected payment.
 */
export function notifiedBy({ type, data }: WithdrawalStep): NotifiedEvent | null {
  switch (type) {
    case 'withdrawal.broadcast.v1':
      return { event: 'withdrawal.broadcasted', data: dataOf(data) };
    case 'withdrawal.capturing.v1':
      return data.broadcastAt === data.at
        ? { event: 'withdrawal.broadcasted', data: dataOf(data) }
        : null;
    case 'withdrawal.completed.v1':
      return {
        event: 'withdrawal.confirmed',
        data: { ...dataOf(data), ...blockOf(data), ...timeOf('withdrawal.confirmed', data) },
      };
    case 'withdrawal.failed.v1':
      return { event: 'withdrawal.failed', data: failureOf(data) };
    case 'withdrawal.cancelled.v1':
      return {
        event: 'withdrawal.cancelled',
        data: { ...dataOf(data), ...timeOf('withdrawal.cancelled', data) },
      };
    case 'withdrawal.returned.v1':
      return { event: 'withdrawal.returned', data: returnOf(data) };
    case 'withdrawal.awaiting_approval.v1':
      return { event: 'withdrawal.awaiting_approval', data: dataOf(data) };
    case 'withdrawal.submitting.v1':
      return data.approved === true ? { event: 'withdrawal.approved', data: dataOf(data) } : null;
    case 'withdrawal.requested.v1':
    case 'withdrawal.uncertain.v1':
    case 'withdrawal.undecided.v1':
    case 'withdrawal.submitted.v1':
    case 'withdrawal.releasing.v1':
    case 'withdrawal.cancelling.v1':
    case 'withdrawal.returning.v1':
      return null;
  }
}

/** Known only for payments of our own wallet; the contract has the fields. */
function blockOf({ confirmations, blockNumber }: WithdrawalStep['data']) {
  return {
    confirmations: confirmations ?? null,
    block_number: blockNumber === undefined ? null : Number(blockNumber),
  };
}

/** Time of the step, under the name of the event's field. */
function timeOf(event: keyof (typeof WITHDRAWAL_TIMES)['event'], { at }: WithdrawalStep['data']) {
  return { [WITHDRAWAL_TIMES.event[event]]: webhookTime(new Date(at)) };
}

function dataOf(data: WithdrawalStep['data']) {
  const broadcastAt = data.broadcastAt ?? null;
  return {
    withdrawal_id: Number(data.number),
    client_reference: data.clientReference,
    currency: data.currency,
    network: data.network,
    to_address: recipientOf(data),
    amount: amountText(data.amount, data),
    fee: amountText(data.fee, data),
    tx_hash: data.txHash,
    broadcast_at: broadcastAt === null ? null : webhookTime(new Date(broadcastAt)),
    status: data.status,
    sequence: data.sequence,
  };
}

/** Pads an amount as the REST API does. The amount of a message without decimals stays unpadded. */
function amountText(text: string, { decimals, currency, network }: WithdrawalStep['data']): string {
  return typeof decimals === 'number'
    ? Amount.of(text, assetOf(currency, network)).toFixed(decimals)
    : text;
}

function returnOf(data: WithdrawalStep['data']) {
  const returned_amount = amountText(data.returnedAmount ?? data.amount, data);
  return { ...dataOf(data), returned_amount, ...timeOf('withdrawal.returned', data) };
}

function failureOf(data: WithdrawalStep['data']) {
  return { ...dataOf(data), reason: data.reason ?? null, error_message: data.errorMessage };
}

/** Recipient as one text, as `to_address` in the REST API. */
function recipientOf({ destination: wire, givenAddress }: WithdrawalStep['data']): string {
  const read = parseDestination(wire);
  if (!read.ok) throw new Error('a message that passed its rules names no destination');
  const destination = read.value;
  switch (destination.type) {
    case 'address':
      return givenAddress ?? destination.address;
    case 'venue_account':
      return destination.value;
    case 'reference_account':
      return destination.referenceAccountId;
  }
}

/** Body after `{"id":` and the number, stored and sent unchanged on every attempt. */
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
