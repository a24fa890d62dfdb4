import type { MerklePlace } from './merkle-root.js';

/** Header with the signature: `<key id>.<signature>.<size>.<index>.<path>`, bytes in base64url. */
export const SIGNATURE_HEADER = 'sluice-signature';

/** Signature of a batch of events, and the place of an event in the batch. */
export interface EventSignature extends MerklePlace {
  readonly keyId: string;
  /** The signature in base64url. */
  readonly text: string;
}

const FORMAT = /^([0-9a-f]{16})\.([\w-]{86})\.(\d{1,6})\.(\d{1,6})\.((?:[\w-]{43}){0,20})$/;
const HASH_DIGITS = 43;

/** Returns null for a text in another format. */
export function readSignature(header: string): EventSignature | null {
  const [, keyId, signature, size, index, path] = FORMAT.exec(header) ?? [];
  if (keyId === undefined || signature === undefined || path === undefined) return null;
  const hashes = Array.from({ length: path.length / HASH_DIGITS }, (_, at) =>
    Buffer.from(path.slice(at * HASH_DIGITS, (at + 1) * HASH_DIGITS), 'base64url'),
  );
  return {
    keyId,
    text: signature,
    size: Number(size),
    index: Number(index),
    path: hashes,
  };
}
