import { signStandardWebhook, signWebhook } from '@sluice/signing';
import type { Endpoint } from './endpoints.js';

export interface AttemptedDelivery {
  /** The delivery's number. */
  readonly id: string;
  readonly event: string;
  /** When the attempt began, by the database's clock. */
  readonly at: Date;
}

/** What is sent beside the body but for the signatures: the contract's headers, and those of Standard Webhooks. */
export function plainHeaders({ id, event, at }: AttemptedDelivery): Record<string, string> {
  const timestamp = timestampOf(at);
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Sluice-Webhooks/1',
    'X-CPG-Event': event,
    'X-CPG-Delivery': id,
    'X-CPG-Timestamp': timestamp,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
  };
}

/**
 * All headers of one attempt: both schemes sign the same bytes at the same time, with each of these secrets. Where one secret replaces another,
 * the first is the one of before: the contract's header has one signature, and a receiver that knows the old secret alone goes on verifying it.
 */
export function signedHeaders(
  secrets: readonly [string, ...string[]],
  delivery: AttemptedDelivery & { readonly body: string },
): Record<string, string> {
  const { id, at, body } = delivery;
  const sent = { id, timestamp: timestampOf(at), body };
  const [first, next] = secrets;
  return {
    ...plainHeaders(delivery),
    'X-CPG-Signature': signWebhook(first, sent),
    ...(next !== undefined && { 'X-CPG-Signature-Next': signWebhook(next, sent) }),
    'webhook-signature': secrets.map((secret) => signStandardWebhook(secret, sent)).join(' '),
  };
}

/** What signs at this moment. */
export function secretsAt(
  { secret, previous }: Pick<Endpoint, 'secret' | 'previous'>,
  at: Date,
): readonly [string, ...string[]] {
  return previous !== null && at < previous.until ? [previous.secret, secret] : [secret];
}

function timestampOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}
