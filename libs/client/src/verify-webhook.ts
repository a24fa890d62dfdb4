import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SluiceError } from './errors.js';
import { unixMs } from './system-clock.js';
import type { WebhookEvent } from './webhook-event.js';

/** A request that came to your webhook. */
export interface ReceivedWebhook {
  /** Of Node's `http`, of `fetch`, or plain; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before anything has parsed them. */
  readonly body: string | Uint8Array;
}

export interface WebhookTrust {
  /** The secret of the webhook; several while one is replaced by the next. */
  readonly secrets: string | readonly string[];
  /** How old it may be, or how far ahead, 300 unless told. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970; the present unless told. */
  readonly now?: number;
}

/** It is nobody's word, or too old: answer 401 and do nothing else. */
export class WebhookVerificationError extends SluiceError {}

const TOLERANCE_S = 300;
const NAMES = {
  contract: {
    ...{ timestamp: 'x-cpg-timestamp', signature: 'x-cpg-signature' },
    next: 'x-cpg-signature-next', // of the new secret, while it replaces another one
  },
  standard: { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' },
};

/**
 * The event of a webhook, if it was signed with one of these secrets within the tolerance. It knows the contract's scheme and that of
 * Standard Webhooks; where a request has both, both must be good. Throws `WebhookVerificationError`.
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

/** What one scheme's headers say. */
interface Claim {
  readonly timestamp: string;
  /** Any of them may be the right one. */
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
    return typeof value === 'string' ? value : null; // one that is there twice is none
  };
}

function eventOf(body: string | Uint8Array): WebhookEvent {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const event: unknown = parsed(text);
  if (typeof event === 'object' && event !== null && 'id' in event && 'event' in event)
    return event as WebhookEvent;
  throw new WebhookVerificationError('The body of the webhook is no event');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Both are hashed first: the time that it takes says nothing about either, and no length makes it throw. */
function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
