import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A signing key from PEM: an EC key (P-521 as the guide wants it, P-256 as the proxy also has it) or Ed25519. Throws for any other. */
export function readUpvestPrivateKey(pem: string): KeyObject {
  return known(createPrivateKey(pem));
}

/** The same for checking signatures; the PEM may also be that of the private key. */
export function readUpvestPublicKey(pem: string): KeyObject {
  return known(createPublicKey(pem));
}

/** Base64 of an ECDSA signature with SHA-512 in ASN.1 DER, or of the raw 64 bytes of Ed25519. */
export function signBase(key: KeyObject, base: string): string {
  return sign(hashFor(key), Buffer.from(base), { key, dsaEncoding: 'der' }).toString('base64');
}

/** False, without throwing, for a signature that is no base64 or is malformed. */
export function verifyBase(key: KeyObject, base: string, signature: string): boolean {
  if (!BASE64.test(signature)) return false;
  return verify(
    hashFor(key),
    Buffer.from(base),
    { key, dsaEncoding: 'der' },
    Buffer.from(signature, 'base64'),
  );
}

/** Ed25519 hashes by itself. */
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
