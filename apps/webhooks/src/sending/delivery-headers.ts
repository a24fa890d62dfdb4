import { signStandardWebhook, signWebhook } from '@sluice/signing';
import type { WebhookEndpoint } from './endpoints.js';

interface AttemptedDelivery {
  /** The delivery's number. */
  readonly id: string;
  readonly event: string;
  /** Start time of the attempt, by the database's clock. */
  readonly at: Date;
}

/**
 * Returns all headers except the signatures: the headers of the contract and of Standard Webhooks.
 */
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
 * Returns all headers of an attempt. Both schemes sign the same bytes and time with each secret.
 * During a replacement, the old secret is the first: the contract's header has a single signature,
 * and receivers with only the old secret can still verify the signature.
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

/** Returns the secrets valid for signing at the time. */
export function secretsAt(
  { secret, previous }: Pick<WebhookEndpoint, 'secret' | 'previous'>,
  at: Date,
): readonly [string, ...string[]] {
  return previous !== null && at < previous.until ? [previous.secret, secret] : [secret];
}

function timestampOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}
