import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';

/** DER prefix of an Ed25519 seed in PKCS #8, and of a public key of 32 bytes in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const ID_DIGITS = 16;

interface NamedPublicKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly text: string;
}

/** Reads a seed of 32 bytes in base64. Throws an error message without any part of the key. */
export function privateKeyOfSeed(text: string): KeyObject {
  const key = Buffer.concat([PKCS8, keyBytes(text)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

export function publicHalfOf(privateKey: KeyObject): NamedPublicKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return namedPublicKey(spki.subarray(SPKI.length).toString('base64'));
}

/** Names a public key of 32 bytes in base64. Throws if the text is no such key. */
export function namedPublicKey(text: string): NamedPublicKey {
  return { id: hash('sha256', keyBytes(text)).slice(0, ID_DIGITS), text };
}

/** Throws if the text is no public key of 32 bytes in base64. */
export function readPublicKey(text: string): KeyObject {
  const key = Buffer.concat([SPKI, keyBytes(text)]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function keyBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text)
    throw new Error('must be 32 bytes in base64');
  return bytes;
}
