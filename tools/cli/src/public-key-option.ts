import { usageError } from './cli-error.js';
import type { Input } from './input.js';

const PEM = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=]+)\s+-----END PUBLIC KEY-----$/;

export const PUBLIC_KEY = {
  name: 'public-key',
  value: 'PEM',
  help: "the customer's Ed25519 public key: the text of its PEM, or the one line inside",
} as const;

/** Returns SPKI in base64, as accepted by the services; undefined if not given. */
export function publicKeyIn(input: Input): string | undefined {
  const text = input.optional(PUBLIC_KEY.name)?.trim();
  if (text === undefined || !text.includes('BEGIN')) return text;
  const inside = PEM.exec(text)?.[1];
  if (inside === undefined)
    throw usageError(
      '--public-key takes the PEM of an Ed25519 public key, as openssl pkey -pubout writes it',
    );
  return inside;
}
