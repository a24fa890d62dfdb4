import { isObject } from '@sluice/kernel';
import { SecretBox, type SealedSecret } from '@sluice/signing';

/**
 * Encryption context. Each key is also bound to an address: a line copied to another address does
 * not open.
 */
const CONTEXT = 'signing key';

/** The text of a key file for development: each private key (hex) sealed under `kek` (32 bytes in base64), by its address. */
export function sealKeys(kek: string, keys: Readonly<Record<string, string>>): string {
  const box = new SecretBox([kek]);
  const sealed = Object.entries(keys).map(([address, key]) => [
    address,
    box.seal(key, address, CONTEXT),
  ]);
  return `${JSON.stringify({ version: 1, keys: Object.fromEntries(sealed) as object }, null, 2)}\n`;
}

/**
 * Opens a file of sealed keys. Returns the private keys by address. Throws a sentence without any
 * part of a key.
 */
export function openKeys(kek: string, text: string): ReadonlyMap<string, string> {
  const box = new SecretBox([kek]);
  return new Map(
    Object.entries(readFile(text)).map(([address, sealed]) => {
      try {
        return [address, box.open(sealed as SealedSecret, address, CONTEXT)];
      } catch {
        throw new Error(
          `the sealed key of ${address} cannot be decrypted: another key sealed it, or it was changed`,
        );
      }
    }),
  );
}

function readFile(text: string): Readonly<Record<string, unknown>> {
  const file = parse(text);
  const keys = isObject(file) && file['version'] === 1 ? file['keys'] : null;
  if (!isObject(keys) || !Object.values(keys).every(isObject) || Object.keys(keys).length === 0)
    throw new Error('must be a file of sealed keys: {"version": 1, "keys": {…}}');
  return keys;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
