import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { type Bytes, constantTimeEqual } from './digest.js';

/** Draft 15 of HTTP message signatures signs requests; draft 6, in Upvest's own form without quotes, signs webhooks. */
export type UpvestScheme = 'v15' | 'v6';

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
 * Signed text of a `signature-input` header; null if unreadable, or if the message lacks a part.
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
 * Length and digest of the body, and the signature over all headers. Only headers signed by the
 * guide; others follow.
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
 * True if signature, message and body match. Only signed parts are proven: check parts, signer and
 * age by `readUpvestSignatureInput`.
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

/** Content of a `signature-input` header: signed parts of the message, key and validity period. */
export interface UpvestSignatureInput {
  /** The client's name for the signature, `sig1` in the guide. */
  readonly label: string;
  /** Signed components, in signing order. */
  readonly components: readonly string[];
  readonly keyId: string | null;
  /** Unix seconds. */
  readonly created: number | null;
  readonly expires: number | null;
  readonly nonce: string | null;
  /** All bytes behind the label, unchanged, for the last line of the signed text. */
  readonly text: string;
}

const INPUT =
  /^([a-z*][a-z0-9_.*-]*)=(\( *((?:"[^"\\\s]+"(?: +"[^"\\\s]+")*)?) *\)((?:; *[a-z]+=(?:"[^"\\]*"|\d{1,12}))*))$/;

/** Null unless the header has a single signature over plain, unique components. */
export function readUpvestSignatureInput(header: string): UpvestSignatureInput | null {
  const found = INPUT.exec(header);
  if (!found) return null;
  const [, label = '', text = '', list = '', tail = ''] = found;
  const components = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const params = [...tail.matchAll(/; *([a-z]+)=(?:"([^"]*)"|(\d+))/g)].map(
    ([, name = '', quoted, digits]) => ({ name, quoted, digits }),
  );
  if (
    new Set(components).size !== components.length ||
    new Set(params.map(({ name }) => name)).size !== params.length
  )
    return null;
  const param = (name: string) => params.find((one) => one.name === name);
  const seconds = (name: string): number | null => {
    const digits = param(name)?.digits;
    return digits === undefined ? null : Number(digits);
  };
  return {
    label,
    components,
    keyId: param('keyid')?.quoted ?? null,
    created: seconds('created'),
    expires: seconds('expires'),
    nonce: param('nonce')?.quoted ?? null,
    text,
  };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** PEM key: EC (P-521 by the guide, P-256 of the proxy) or Ed25519. Throws for others. */
export function readUpvestPrivateKey(pem: string): KeyObject {
  return known(createPrivateKey(pem));
}

/** Reads a key for signature verification; the PEM may also contain the private key. */
export function readUpvestPublicKey(pem: string): KeyObject {
  return known(createPublicKey(pem));
}

/** Base64 of an ECDSA signature with SHA-512 in ASN.1 DER, or of the raw 64 bytes of Ed25519. */
export function signBase(key: KeyObject, base: string): string {
  return sign(hashFor(key), Buffer.from(base), { key, dsaEncoding: 'der' }).toString('base64');
}

/** False for invalid base64 and malformed signatures. */
export function verifyBase(key: KeyObject, base: string, signature: string): boolean {
  if (!BASE64.test(signature)) return false;
  return verify(
    hashFor(key),
    Buffer.from(base),
    { key, dsaEncoding: 'der' },
    Buffer.from(signature, 'base64'),
  );
}

/** Ed25519 includes a hash; null selects no separate hash. */
function hashFor(key: KeyObject): 'sha512' | null {
  return key.asymmetricKeyType === 'ec' ? 'sha512' : null;
}

function known(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'ed25519')
    throw new Error(
      `a key of type ${key.asymmetricKeyType} cannot sign Upvest messages: EC or Ed25519 is needed`,
    );
  return key;
}
