import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads a signing key from PEM: EC (P-521 required by the guide, P-256 also used by the proxy) or
 * Ed25519. Throws for other key types.
 */
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

/**
 * Verifies a signature. Returns false for invalid base64 and malformed signatures, without
 * throwing.
 */
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
