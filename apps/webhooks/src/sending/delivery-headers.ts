import { signStandardWebhook, signWebhook } from '@sluice/signing';

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

/** All headers of one attempt: both schemes sign the same bytes, under the same secret, at the same time. */
export function signedHeaders(
  secret: string,
  delivery: AttemptedDelivery & { readonly body: string },
): Record<string, string> {
  const { id, at, body } = delivery;
  const sent = { id, timestamp: timestampOf(at), body };
  return {
    ...plainHeaders(delivery),
    'X-CPG-Signature': signWebhook(secret, sent),
    'webhook-signature': signStandardWebhook(secret, sent),
  };
}

function timestampOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}
