import { parseDestination, type WireDestination } from '@sluice/destination';
import type { Message, withdrawalEvents } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/money';
import type { WebhookEvent } from '@sluice/admin-api';

export type WithdrawalStep = Message<typeof withdrawalEvents>;

/** The event that an operator sends to try a webhook out: nobody subscribes it. */
export const TEST_EVENT = 'webhook.test';

/** An event as webhooks tell it. */
export interface NotifiedEvent {
  readonly event: WebhookEvent | typeof TEST_EVENT;
  readonly data: object;
}

const API_VERSION = '1';

/**
 * What a step of a withdrawal is to webhooks; null for a step that they do not tell. `withdrawal.broadcasted` is told once: by the step that the
 * venue's word on a broadcast has led to, or else by the one that found it paid.
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
        data: { ...dataOf(data), ...blockOf(data), confirmed_at: webhookTime(new Date(data.at)) },
      };
    case 'withdrawal.failed.v1':
      return { event: 'withdrawal.failed', data: failureOf(data) };
    case 'withdrawal.cancelled.v1':
      return {
        event: 'withdrawal.cancelled',
        data: { ...dataOf(data), cancelled_at: webhookTime(new Date(data.at)) },
      };
    case 'withdrawal.requested.v1':
    case 'withdrawal.rejected.v1': // of releases that published it: the request was answered 400 and made no withdrawal
    case 'withdrawal.submitting.v1':
    case 'withdrawal.uncertain.v1':
    case 'withdrawal.undecided.v1':
    case 'withdrawal.submitted.v1':
    case 'withdrawal.releasing.v1':
    case 'withdrawal.cancelling.v1':
      return null;
  }
}

/** Known of what our own wallet has paid. Venues report them in ways that do not compare, and the contract has the fields. */
function blockOf({ confirmations, blockNumber }: WithdrawalStep['data']) {
  return {
    confirmations: confirmations ?? null,
    block_number: blockNumber === undefined ? null : Number(blockNumber),
  };
}

/** What every event of a withdrawal has. */
function dataOf(data: WithdrawalStep['data']) {
  const broadcastAt = data.broadcastAt ?? null;
  return {
    withdrawal_id: Number(data.number),
    client_reference: data.clientReference,
    currency: data.currency,
    network: data.network,
    to_address: recipientOf(data.destination),
    amount: amountText(data.amount, data),
    fee: amountText(data.fee, data),
    tx_hash: data.txHash,
    broadcast_at: broadcastAt === null ? null : webhookTime(new Date(broadcastAt)),
    status: data.status,
    sequence: data.sequence,
  };
}

/** Pads an amount as the REST API does. A message of an earlier release has no decimals, and its amount stays unpadded. */
function amountText(text: string, { decimals, currency, network }: WithdrawalStep['data']): string {
  return typeof decimals === 'number'
    ? Amount.of(text, assetOf(currency, network)).toFixed(decimals)
    : text;
}

function failureOf(data: WithdrawalStep['data']) {
  return { ...dataOf(data), reason: data.reason ?? null, error_message: data.errorMessage };
}

/** One text for every kind, as the REST API's `to_address`. */
function recipientOf(wire: WireDestination): string {
  const read = parseDestination(wire);
  if (!read.ok) throw new Error('a message that passed its rules names no destination');
  const destination = read.value;
  switch (destination.type) {
    case 'address':
      return destination.address;
    case 'venue_account':
      return destination.value;
    case 'reference_account':
      return destination.referenceAccountId;
  }
}

/**
 * The text of a body behind its first field: `{"id":` and the delivery's number come before it, and are known only where the number is given out.
 * The text is stored and sent as it is, on every attempt.
 */
export function bodyAfterId({ event, data }: NotifiedEvent, scheduledAt: Date): string {
  const rest = { event, created_at: webhookTime(scheduledAt), api_version: API_VERSION, data };
  return `,${JSON.stringify(rest).slice(1)}`;
}

/** `2026-05-16T22:00:00Z`, with six digits of a fraction only where it is not zero: the envelope's times are not those of the REST API. */
export function webhookTime(at: Date): string {
  const text = at.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`;
}
