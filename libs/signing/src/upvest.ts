import { createHash, type KeyObject } from 'node:crypto';
import { constantTimeEqual, type Bytes } from './digest.js';
import { signBase, verifyBase } from './upvest-keys.js';
import { readUpvestSignatureInput, type UpvestSignatureInput } from './upvest-signature-input.js';

/** Draft 15 of HTTP message signatures signs requests; draft 6, in Upvest's own form without quotes, signs webhooks. */
export type UpvestScheme = 'v15' | 'v6';

/** An HTTP request as sent. */
export interface UpvestMessage {
  readonly method: string;
  /** Path as sent, without host and query. */
  readonly path: string;
  /** Wire query without `?`, still encoded; empty if absent. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Bytes;
}

interface UpvestSigning {
  readonly keyId: string;
  /** Unix seconds. */
  readonly created: number;
  readonly expires: number;
  readonly nonce: string;
}

const DIGEST_HEADER: Readonly<Record<UpvestScheme, string>> = {
  v15: 'content-digest',
  v6: 'digest',
};
const SIGNATURE = /^([a-z*][a-z0-9_.*-]*)=:([^:]*):$/;

/** The digest header of a body: `sha-512=:…:` in draft 15, `SHA-256=…` in draft 6. */
export function upvestDigest(scheme: UpvestScheme, body: Bytes): string {
  const base64 = (algorithm: 'sha512' | 'sha256'): string =>
    createHash(algorithm).update(body).digest('base64');
  return scheme === 'v15' ? `sha-512=:${base64('sha512')}:` : `SHA-256=${base64('sha256')}`;
}

/**
 * Rebuilds the signed text from a `signature-input` header. Returns null for an unreadable header,
 * or for a part missing in the message.
 */
export function upvestSignatureBase(
  scheme: UpvestScheme,
  message: UpvestMessage,
  signatureInput: string,
): string | null {
  const input = readUpvestSignatureInput(signatureInput);
  if (!input) return null;
  const line = (name: string, value: string): string =>
    scheme === 'v15' ? `"${name}": ${value}` : `${name}: ${value}`;
  const lines: string[] = [];
  for (const component of input.components) {
    const value = componentValue(message, component);
    if (value === null) return null;
    lines.push(line(component, value));
  }
  return [...lines, line('@signature-params', input.text)].join('\n');
}

/**
 * Returns the additional headers of a message: length and digest of the body, and the signature
 * over all headers. The message must contain only headers signed according to the guide; unsigned
 * headers are added afterwards.
 */
export function signUpvest(
  scheme: UpvestScheme,
  key: KeyObject,
  message: UpvestMessage,
  signing: UpvestSigning,
): Record<string, string> {
  const bodyHeaders: Record<string, string> = hasBody(message)
    ? {
        'content-length': String(Buffer.byteLength(message.body)),
        [DIGEST_HEADER[scheme]]: upvestDigest(scheme, message.body),
      }
    : {};
  const signed: UpvestMessage = { ...message, headers: { ...message.headers, ...bodyHeaders } };
  const components = [
    '@method',
    '@path',
    ...(message.query === '' ? [] : ['@query']),
    ...Object.keys(signed.headers),
  ];
  const { keyId, created, expires, nonce } = signing;
  const list = components.map((name) => `"${name}"`).join(' ');
  const signatureInput = `sig1=(${list});keyid="${keyId}";created=${created};expires=${expires};nonce="${nonce}"`;
  const base = upvestSignatureBase(scheme, signed, signatureInput);
  if (base === null)
    throw new Error('a header, key id or nonce holds what a signature cannot name');
  const marker: Record<string, string> =
    scheme === 'v15' ? { 'upvest-signature-version': '15' } : {};
  return {
    ...bodyHeaders,
    ...marker,
    'signature-input': signatureInput,
    signature: `sig1=:${signBase(key, base)}:`,
  };
}

/**
 * True if the signature matches the message and the body. The result proves only the signed parts.
 * The caller must check the required parts, the signer and the age by `readUpvestSignatureInput`.
 */
export function verifyUpvest(
  scheme: UpvestScheme,
  key: KeyObject,
  message: UpvestMessage,
): boolean {
  const signatureInput = message.headers['signature-input'] ?? '';
  const input = readUpvestSignatureInput(signatureInput);
  const [, label, signature = ''] = SIGNATURE.exec(message.headers['signature'] ?? '') ?? [];
  if (!input || input.label !== label || !bodyFits(scheme, message, input)) return false;
  const base = upvestSignatureBase(scheme, message, signatureInput);
  return base !== null && verifyBase(key, base, signature);
}

/** A body counts only with a signed digest; a stated length must be correct. */
function bodyFits(
  scheme: UpvestScheme,
  message: UpvestMessage,
  { components }: UpvestSignatureInput,
): boolean {
  const digest = message.headers[DIGEST_HEADER[scheme]];
  const length = message.headers['content-length'];
  if (length !== undefined && length !== String(Buffer.byteLength(message.body))) return false;
  if (digest === undefined) return !hasBody(message);
  return (
    components.includes(DIGEST_HEADER[scheme]) &&
    constantTimeEqual(digest, upvestDigest(scheme, message.body))
  );
}

function componentValue(message: UpvestMessage, component: string): string | null {
  switch (component) {
    case '@method':
      return message.method.toUpperCase();
    case '@path':
      return message.path;
    case '@query':
      return `?${message.query}`;
    default:
      return message.headers[component]?.trim() ?? null;
  }
}

function hasBody(message: UpvestMessage): boolean {
  return message.body.length > 0;
}
