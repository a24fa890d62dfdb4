import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Bytes as sent; text means the UTF-8 bytes. */
export type Bytes = string | Uint8Array;

export function sha256Hex(bytes: Bytes): string {
  return hash('sha256', bytes);
}

export function sha512Hex(bytes: Bytes): string {
  return hash('sha512', bytes);
}

/** Lower-case hex of an HMAC; the secret is used as UTF-8 text, never hex- or base64-decoded. */
export function hmacHex(algorithm: 'sha256' | 'sha512', secret: string, bytes: Bytes): string {
  return createHmac(algorithm, secret).update(bytes).digest('hex');
}

/** Compares in constant time, by hashes: independent of content and length. */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
