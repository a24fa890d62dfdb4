import { createPrivateKey } from 'node:crypto';
import { signIntake, signIntakeEd25519 } from '@sluice/signing';
import { usageError } from '../errors/errors.js';
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

export interface SignedRequest {
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
