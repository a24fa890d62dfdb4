import { createHash, createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** A key with a secret. The secret is shown once, when an operator creates the key. */
export interface SecretKey {
  readonly keyId: string;
  readonly secret: string;
}

/** A key with a private half known only to you (Ed25519, as PEM or as a `KeyObject`). */
export interface OwnKey {
  readonly keyId: string;
  readonly privateKey: string | KeyObject;
}

export type Credentials = SecretKey | OwnKey;

/** A request as sent. */
export interface SignableRequest {
  /** Unix time in whole seconds, as text. */
  readonly timestamp: string;
  readonly method: string;
  /** Path as sent, without host and query. */
  readonly path: string;
  /** Query as sent, without `?`: neither sorted nor decoded. */
  readonly query: string;
  /** The exact bytes sent; text means the UTF-8 bytes. */
  readonly body: string | Uint8Array;
}

/** Returns the five signed lines. */
export function canonicalRequest({
  timestamp,
  method,
  path,
  query,
  body,
}: SignableRequest): string {
  const hash = createHash('sha256').update(body).digest('hex');
  return [timestamp, method.toUpperCase(), path, query, hash].join('\n');
}

/** Signs requests with a key of either kind. */
export class RequestSigner {
  private readonly signatureOf: (canonical: string) => string;

  /** Throws for an invalid private key, or for a key type other than Ed25519. */
  constructor(private readonly credentials: Credentials) {
    this.signatureOf =
      'secret' in credentials ? hmac(credentials.secret) : ed25519(credentials.privateKey);
  }

  /** `X-CPG-Signature`, lower-case hex. */
  sign(request: SignableRequest): string {
    return this.signatureOf(canonicalRequest(request));
  }

  headers(request: SignableRequest): Record<string, string> {
    return {
      'X-CPG-Key': this.credentials.keyId,
      'X-CPG-Timestamp': request.timestamp,
      'X-CPG-Signature': this.sign(request),
    };
  }
}

/** The secret is used as text, never decoded. */
function hmac(secret: string): (canonical: string) => string {
  return (canonical) => createHmac('sha256', secret).update(canonical).digest('hex');
}

function ed25519(given: string | KeyObject): (canonical: string) => string {
  const key = typeof given === 'string' ? createPrivateKey(given) : given;
  if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519')
    throw new TypeError('privateKey: Key should be a private Ed25519 key');
  return (canonical) => sign(null, Buffer.from(canonical), key).toString('hex');
}
