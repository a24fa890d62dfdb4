import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parsedJson } from './exchange.js';
import { SluiceError } from './errors.js';
import { unixMs } from './system-clock.js';
import type { WebhookEvent } from './webhook-event.js';

/** A request received by your webhook. */
export interface ReceivedWebhook {
  /** Headers of Node's `http`, of `fetch`, or plain; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The received bytes before any parsing. */
  readonly body: string | Uint8Array;
}

export interface WebhookTrust {
  /** Secret of the webhook; several secrets during a rotation. */
  readonly secrets: string | readonly string[];
  /** Maximum age of the timestamp, or distance into the future (s); default: 300. */
  readonly toleranceSeconds?: number;
  /** Present time (ms since 1970); default: the system clock. */
  readonly now?: number;
}

/** The webhook is not authentic or has expired: respond with 401 and ignore the webhook. */
export class WebhookVerificationError extends SluiceError {}

const TOLERANCE_S = 300;
const NAMES = {
  contract: {
    timestamp: 'x-cpg-timestamp',
    signature: 'x-cpg-signature',
    next: 'x-cpg-signature-next', // signature with the new secret during a rotation
  },
  standard: { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' },
};

/**
 * Returns the event of a webhook signed with a given secret within the tolerance. Supports the
 * contract's scheme and Standard Webhooks; if a request has both signatures, both must be valid.
 * Throws `WebhookVerificationError`.
 */
export function verifyWebhook(received: ReceivedWebhook, trust: WebhookTrust): WebhookEvent {
  const secrets = typeof trust.secrets === 'string' ? [trust.secrets] : trust.secrets;
  if (secrets.length === 0 || secrets.some((secret) => secret === ''))
    throw new TypeError('secrets: There should be at least one, and none empty');
  const claims = claimsOf(received);
  if (claims.length === 0) throw new WebhookVerificationError('The webhook has no signature');
  const now = (trust.now ?? unixMs()) / 1_000;
  for (const claim of claims) verify(claim, secrets, now, trust.toleranceSeconds ?? TOLERANCE_S);
  return eventOf(received.body);
}

/** Content of the headers of a signature scheme. */
interface Claim {
  readonly timestamp: string;
  /** Candidate signatures; a single match is sufficient. */
  readonly signatures: readonly string[];
  expected(secret: string): string | null;
}

function claimsOf({ headers, body }: ReceivedWebhook): readonly Claim[] {
  const value = headerReader(headers);
  const claims: Claim[] = [];
  const contract = value(NAMES.contract.signature);
  if (contract !== null) {
    const timestamp = value(NAMES.contract.timestamp) ?? '';
    claims.push({
      timestamp,
      signatures: [contract, value(NAMES.contract.next) ?? []].flat(),
      expected: (secret) =>
        createHmac('sha256', secret).update(`${timestamp}\n`).update(body).digest('hex'),
    });
  }
  const standard = value(NAMES.standard.signature);
  if (standard !== null) {
    const timestamp = value(NAMES.standard.timestamp) ?? '';
    const signed = `${value(NAMES.standard.id) ?? ''}.${timestamp}.`;
    claims.push({
      timestamp,
      signatures: versionOne(standard),
      expected: (secret) => {
        const key = standardKey(secret);
        return key && createHmac('sha256', key).update(signed).update(body).digest('base64');
      },
    });
  }
  return claims;
}

function verify(claim: Claim, secrets: readonly string[], now: number, toleranceS: number): void {
  if (!/^\d{1,12}$/.test(claim.timestamp))
    throw new WebhookVerificationError('The webhook has no timestamp in whole seconds');
  if (Math.abs(now - Number(claim.timestamp)) > toleranceS)
    throw new WebhookVerificationError('The timestamp of the webhook is outside the tolerance');
  const expected = secrets.flatMap((secret) => claim.expected(secret) ?? []);
  if (!claim.signatures.some((given) => expected.some((good) => constantTimeEqual(given, good))))
    throw new WebhookVerificationError('The signature of the webhook is not of these secrets');
}

/** `v1,SIGNATURE`, several with blanks between them; other versions are other schemes. */
function versionOne(header: string): readonly string[] {
  return header.split(' ').flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
}

/** `whsec_` and base64 in Standard Webhooks; null: another scheme's secret. */
function standardKey(secret: string): Buffer | null {
  const text = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

function headerReader(headers: ReceivedWebhook['headers']): (name: string) => string | null {
  if (headers instanceof Headers) return (name) => headers.get(name);
  const byName = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  return (name) => {
    const value = byName.get(name);
    return typeof value === 'string' ? value : null; // a repeated header is ignored
  };
}

function eventOf(body: string | Uint8Array): WebhookEvent {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const event = parsedJson(text);
  if (typeof event === 'object' && event !== null && 'id' in event && 'event' in event)
    return event as WebhookEvent;
  throw new WebhookVerificationError('The body of the webhook is no event');
}

/**
 * Compares two texts in constant time. Both texts are hashed first: the duration reveals neither
 * text, and no length causes an error.
 */
function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
