import type { JWK } from 'jose';

interface ServiceKey extends JWK {
  readonly kid: string;
}

/**
 * Parses `{"intake-api": [{"kid": "1", "kty": "OKP", "crv": "Ed25519", "x": "…"}]}`. Throws with
 * the expected form.
 */
export function readPublicKeys(text: string): ReadonlyMap<string, readonly ServiceKey[]> {
  const services = parsed(text);
  if (typeof services !== 'object' || services === null || Array.isArray(services))
    throw new Error('must be a JSON object of services and lists of their public keys');
  return new Map(
    Object.entries(services).map(([service, keys]: [string, unknown]) => {
      if (!Array.isArray(keys)) throw new Error(`must be a list of public keys for ${service}`);
      return [service, keys.map((key) => publicKey(service, key))];
    }),
  );
}

/** Parses a private key. Throws an error with the expected form, never with the key. */
export function readPrivateKey(text: string): ServiceKey {
  const key = parsed(text);
  if (!isEd25519(key) || typeof key.d !== 'string')
    throw new Error('must be a private Ed25519 key with a kid as JSON Web Key');
  return key;
}

function publicKey(service: string, key: unknown): ServiceKey {
  if (!isEd25519(key))
    throw new Error(`must have Ed25519 keys with a kid as JSON Web Keys for ${service}`);
  if ('d' in key)
    throw new Error(`has a private key of ${service}: it belongs to that service alone`);
  return key;
}

function isEd25519(key: unknown): key is ServiceKey {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, crv, x, kid } = key as JWK;
  return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && typeof kid === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
}
