import { usageError } from '../errors.js';

const PEM = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=]+)\s+-----END PUBLIC KEY-----$/;

/** Returns SPKI in base64, as accepted by the services, of a PEM or of the line inside. */
export function publicKeyIn<T extends string | undefined>(given: T): T | string {
  const text = given?.trim();
  if (text === undefined) return given;
  if (!text.includes('BEGIN')) return text;
  const inside = PEM.exec(text)?.[1];
  if (inside === undefined)
    throw usageError(
      '--public-key takes the PEM of an Ed25519 public key, as openssl pkey -pubout writes it',
    );
  return inside;
}
