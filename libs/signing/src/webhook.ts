import { createHmac } from 'node:crypto';
import { constantTimeEqual, type Bytes } from './digest.js';

interface SentWebhook {
  /** The delivery's id, as text: `X-CPG-Delivery` and `webhook-id`. */
  readonly id: string;
  /** Seconds since 1970, as text: `X-CPG-Timestamp` and `webhook-timestamp`. */
  readonly timestamp: string;
  readonly body: Bytes;
}

/**
 * Both schemes share a secret: the contract signs with the text, Standard Webhooks with the base64
 * after the prefix.
 */
export const WEBHOOK_SECRET_PREFIX = 'whsec_';

/** `X-CPG-Signature`: lower-case hex of HMAC-SHA256 over the timestamp, a line end and the raw body; the key is the secret's text. */
export function signWebhook(
  secret: string,
  { timestamp, body }: Pick<SentWebhook, 'timestamp' | 'body'>,
): string {
  return createHmac('sha256', secret).update(`${timestamp}\n`).update(body).digest('hex');
}

/** True only for the exact lower-case signature. Whether the timestamp is of now is for the caller to see. */
export function verifyWebhook(
  secret: string,
  sent: Pick<SentWebhook, 'timestamp' | 'body'>,
  signature: string,
): boolean {
  return constantTimeEqual(signWebhook(secret, sent), signature);
}

/**
 * `webhook-signature`: `v1,` and base64 of HMAC-SHA256 over id, timestamp and raw body. Throws for
 * a malformed secret.
 */
export function signStandardWebhook(
  secret: string,
  { id, timestamp, body }: SentWebhook,
): `v1,${string}` {
  const mac = createHmac('sha256', standardKeyOf(secret)).update(`${id}.${timestamp}.`);
  return `v1,${mac.update(body).digest('base64')}`;
}

/** True if any signature in the header matches; spaces separate several. */
export function verifyStandardWebhook(
  secret: string,
  sent: SentWebhook,
  signatures: string,
): boolean {
  const own = signStandardWebhook(secret, sent);
  return signatures.split(' ').filter((one) => constantTimeEqual(own, one)).length > 0;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function standardKeyOf(secret: string): Buffer {
  const text = secret.slice(WEBHOOK_SECRET_PREFIX.length);
  if (!secret.startsWith(WEBHOOK_SECRET_PREFIX) || !BASE64.test(text))
    throw new Error('a secret of Standard Webhooks is whsec_ and base64');
  return Buffer.from(text, 'base64');
}
