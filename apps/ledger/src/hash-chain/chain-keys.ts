import { timingSafeEqual } from 'node:crypto';
import { HmacSha256 } from '@sluice/signing';

type Purpose = 'chain link' | 'checkpoint' | 'account signer' | 'hold end' | 'hold grant';
type LinkFields = readonly (string | number | null)[];

const LEAST_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** MAC over a link or checkpoint, with the id of the key. */
export interface KeyedMac {
  readonly keyId: string;
  /** Hex. */
  readonly mac: string;
}

/**
 * MAC keys of the hash chains; the database login does not give access to the keys. The first key
 * makes MACs, all keys verify. A new key is added in front. An old key stays while the proof walks
 * over links made with this key. Printing the object shows no secret.
 */
export class ChainKeys {
  readonly #keys: ReadonlyMap<string, HmacSha256>;
  readonly #first: readonly [id: string, key: HmacSha256];

  private constructor(keys: readonly (readonly [string, HmacSha256])[]) {
    const [first] = keys;
    if (!first) throw new Error('must be 32 bytes or more in base64, a key on each line');
    this.#first = first;
    this.#keys = new Map(keys);
  }

  /** Reads a key per line. Throws an error with the expected format, without any part of a key. */
  static parse(text: string): ChainKeys {
    return new ChainKeys(linesOf(text).map(readKey));
  }

  sign(purpose: Purpose, fields: LinkFields): KeyedMac {
    const [keyId, key] = this.#first;
    return { keyId, mac: macOf(key, purpose, keyId, fields) };
  }

  /** MAC under this key, in hex; null for an unknown key. */
  macBy(keyId: string, purpose: Purpose, fields: LinkFields): string | null {
    const key = this.#keys.get(keyId);
    return key === undefined ? null : macOf(key, purpose, keyId, fields);
  }

  knows(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  verify(purpose: Purpose, fields: LinkFields, { keyId, mac }: KeyedMac): boolean {
    const key = this.#keys.get(keyId);
    if (key === undefined) return false;
    const given = Buffer.from(mac, 'hex');
    const own = Buffer.from(macOf(key, purpose, keyId, fields), 'hex');
    return given.length === own.length && timingSafeEqual(given, own);
  }
}

/** Returns the non-empty lines of a text. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Decodes base64. Throws for other text and for a key shorter than the minimum. */
export function bytesOf(line: string): Buffer {
  const bytes = Buffer.from(BASE64.test(line) ? line : '', 'base64');
  if (bytes.length < LEAST_BYTES)
    throw new Error(`must be ${LEAST_BYTES} bytes or more in base64, a key on each line`);
  return bytes;
}

/**
 * Derives the key id from the key's MAC over a constant text, never a link. No operator has to
 * choose an id, and the id reveals no part of the key.
 */
function readKey(line: string): readonly [string, HmacSha256] {
  const key = new HmacSha256(bytesOf(line));
  return [key.of('sluice chain key', 'hex').slice(0, 16), key];
}

/** In hex. JSON of a flat list is unambiguous: no two lists of fields are written alike. */
function macOf(key: HmacSha256, purpose: Purpose, keyId: string, fields: LinkFields): string {
  return key.of(JSON.stringify([`sluice ${purpose}`, 1, keyId, ...fields]), 'hex');
}
