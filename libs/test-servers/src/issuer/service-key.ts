import { generateKeyPairSync, randomUUID } from 'node:crypto';

/** Signing key of a service, and the public key for the called services; JSON Web Keys as text. */
interface ServiceKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function newServiceKey(): ServiceKeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID() });
  return { privateKey: key, publicKey: publicKeyOf(key) };
}

export function publicKeyOf(privateKey: string): string {
  const { d: _, ...publicPart } = JSON.parse(privateKey) as { readonly d: string };
  return JSON.stringify(publicPart);
}
