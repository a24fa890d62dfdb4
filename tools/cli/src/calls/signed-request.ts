import { isObject } from '@sluice/kernel';
import { signIntake, signIntakeEd25519 } from '@sluice/signing';
import { createPrivateKey, randomInt } from 'node:crypto';
import { CliError, networkCause, usageError } from '../errors/errors.js';
import type { ApiKey } from '../settings/config.js';

/** A call of the public API before signing. */
export interface CallToSign {
  readonly method: string;
  readonly url: URL;
  /** Empty for none. Sent byte for byte as given. */
  readonly body: string;
  /** Seconds to wait for the venue (RFC 7240). */
  readonly preferWait?: number;
}

interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Maximum difference between a signature's time and the server's clock, in seconds, in either
 * direction.
 */
export const SIGNATURE_WINDOW_S = 300;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Returns a call. Throws a usage error for an invalid request. */
export function callOf(base: string, method: string, path: string, body: string): CallToSign {
  const verb = method.toUpperCase();
  if (!METHODS.includes(verb))
    throw usageError(`no such method: ${method}; there are ${METHODS.join(', ')}`);
  if (!path.startsWith('/'))
    throw usageError(`PATH begins with a slash and has no host, e.g. /v1/balances, not ${path}`);
  if (body !== '' && (verb === 'GET' || verb === 'HEAD'))
    throw usageError(`${verb} takes no body; to send one use POST`);
  return { method: verb, url: new URL(`${base}${path}`), body };
}

/** Signs path and query as the URL has them, which is how they are sent. `timestamp` is Unix time in whole seconds. */
export function signRequest(call: CallToSign, key: ApiKey, timestamp: number): SignedRequest {
  const { method, url, body, preferWait } = call;
  const [path, query] = [url.pathname, url.search.slice(1)];
  const signed = { timestamp: `${timestamp}`, method, path, query, body };
  // the secret may be the PEM of the customer's own Ed25519 key
  const signature = key.secret.startsWith('-----BEGIN PRIVATE KEY-----')
    ? signIntakeEd25519(createPrivateKey(key.secret), signed)
    : signIntake(key.secret, signed);
  return {
    method,
    url: `${url.origin}${url.pathname}${url.search}`,
    headers: {
      'X-CPG-Key': key.keyId,
      'X-CPG-Timestamp': signed.timestamp,
      'X-CPG-Signature': signature,
      ...(body !== '' && { 'Content-Type': 'application/json' }),
      ...(preferWait !== undefined && { Prefer: `wait=${preferWait}` }),
    },
    body,
  };
}

/** The request as a command for a POSIX shell, to copy and paste. */
export function curlOf({ method, url, headers, body }: SignedRequest): string {
  const verb = method === 'HEAD' ? '--head' : `-X ${method}`;
  const lines = [
    `curl -sS --globoff ${verb} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quoted(body)}`]), // --data would read a file where the body begins with @
  ];
  return lines.join(' \\\n  ');
}

/** Quotes any text as a single word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

interface ApiAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Parsed JSON, or the text if not JSON. */
  readonly body: unknown;
}

/** Time-out: the intake API decides within 8 s; a requested wait for the venue is added. */
const TIMEOUT_MS = 15_000;

const ATTEMPTS = 6;

/** Maximum shift of a repeated call; the rest of the window is for differences of the clocks. */
const FARTHEST_S = SIGNATURE_WINDOW_S - 30;

/**
 * Signs and sends a request. Timestamps have whole seconds: two equal requests within a second have
 * the same signature, and the second request is refused. A GET is signed again with another time of
 * the window. Other methods are not repeated, because the refusal may have prevented a second
 * payment.
 */
export async function sendSigned(call: CallToSign, key: ApiKey): Promise<ApiAnswer> {
  const timeoutMs = TIMEOUT_MS + (call.preferWait ?? 0) * 1000;
  const tried = new Set<number>();
  for (let attempt = 1; ; attempt += 1) {
    const now = Math.floor(Date.now() / 1000);
    let timestamp = now;
    while (tried.has(timestamp)) timestamp = now + randomInt(-FARTHEST_S, FARTHEST_S);
    tried.add(timestamp);
    const answer = await send(signRequest(call, key, timestamp), timeoutMs);
    if (call.method !== 'GET' || attempt === ATTEMPTS || !isSpent(answer)) return answer;
  }
}

function isSpent({ status, body }: ApiAnswer): boolean {
  return (
    status === 401 &&
    isObject(body) &&
    body['message'] === 'Request signature has already been used'
  );
}

async function send(request: SignedRequest, timeoutMs: number): Promise<ApiAnswer> {
  const { method, url, headers, body } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const options = { method, headers, redirect: 'manual' as const, signal };
    const response = await fetch(url, body === '' ? options : { ...options, body });
    const { status, statusText } = response;
    return { status, statusText, body: parsed(await response.text()) };
  } catch (error) {
    const unanswered =
      method === 'GET'
        ? ''
        : '; the outcome is unknown: query it with GET, or repeat the request with the same client_reference';
    throw new CliError(
      `intake-api gave no answer at ${new URL(url).origin} (${networkCause(error)}): is "npm start" still running?${unanswered}`,
      2,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
