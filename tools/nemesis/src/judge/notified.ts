import { Amount, type Asset } from '@sluice/kernel';
import type { Evidence, Judged, ReceivedWebhook } from '@sluice/stack';

/** Events about the end of a withdrawal. */
const LAST_WORDS: ReadonlySet<string> = new Set([
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
]);

export type Notified = Pick<ReceivedWebhook, 'event' | 'data'>;

type Asked = Evidence['asked'];

/**
 * Returns true if the webhook is about the withdrawal, matched by the client's reference, or by
 * number if the client gave no reference.
 */
export function isAbout({ order, number }: Asked, { data }: Notified): boolean {
  return order.unnamed
    ? number !== undefined && String(data['withdrawal_id']) === number
    : data['client_reference'] === order.reference;
}

/** Finds a false statement in the customer's webhooks; undefined if all are true. */
export function untruth(
  { asked, paid }: Pick<Evidence, 'asked' | 'paid'>,
  notified: readonly Notified[],
): string | undefined {
  const [any] = notified;
  if (asked.refused !== undefined && asked.number === undefined && any !== undefined)
    return `the request was refused (${asked.refused}), but the webhook ${any.event} reports the withdrawal`;
  const last = notified.filter(({ event }) => LAST_WORDS.has(event));
  const words = new Set(last.map(({ event }) => event));
  if (words.size > 1) return `webhooks report ${[...words].join(' and ')}`;
  const [word] = last;
  if (word === undefined) return undefined;
  const [first] = paid;
  if (word.event !== 'withdrawal.confirmed')
    return first && `the webhook reports ${word.event}, but ${first.venue} has paid`;
  if (first === undefined) return 'the webhook reports withdrawal.confirmed, but nothing was paid';
  const asset: Asset = `${asked.order.currency}.${asked.order.network}`;
  const amountNotified = word.data['amount'];
  if (
    typeof amountNotified !== 'string' ||
    !Amount.of(amountNotified, asset).equals(Amount.of(first.payment.net_amount, asset))
  )
    return `the webhook reports ${String(amountNotified)}, but the recipient received ${first.payment.net_amount}`;
  return undefined;
}

/**
 * Returns true if the withdrawal has ended and no webhook reports the end. A refusal is reported by
 * the response only.
 */
export function isUntold(
  { kind, asked, booked }: Judged & Pick<Evidence, 'asked' | 'booked'>,
  notified: readonly Notified[],
): boolean {
  if (asked.refused !== undefined || booked === undefined) return false;
  const ended = kind === 'paid once' || kind === 'unpaid and released';
  return ended && !notified.some(({ event }) => LAST_WORDS.has(event));
}
