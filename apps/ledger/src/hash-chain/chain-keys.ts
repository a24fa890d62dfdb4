import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

type Purpose = 'chain link' | 'checkpoint' | 'account signer';
type Fields = readonly (string | number | null)[];

const LEAST_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What vouches for links and checkpoints: a MAC, and which key it was made with. */
export interface KeyedMac {
  readonly keyId: string;
  /** Hex. */
  readonly mac: string;
}

/**
 * The secrets that the chains are keyed with, which the login of the database does not give. The first makes MACs, all of them check: a new key
 * is put in front of the others, and an old one stays for as long as the proof walks over links that it made. Shows none when it is printed.
 */
export class ChainKeys {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #first: readonly [id: string, key: KeyObject];

  private constructor(keys: readonly (readonly [string, KeyObject])[]) {
    const [first] = keys;
    if (!first) throw new Error('must be 32 bytes or more in base64, a key on each line');
    this.#first = first;
    this.#keys = new Map(keys);
  }

  /** Reads one key on each line. Throws with what was expected, and no part of a key. */
  static parse(text: string): ChainKeys {
    return new ChainKeys(linesOf(text).map(readKey));
  }

  sign(purpose: Purpose, fields: Fields): KeyedMac {
    const [keyId, key] = this.#first;
    return { keyId, mac: macOf(key, purpose, keyId, fields).toString('hex') };
  }

  knows(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  verify(purpose: Purpose, fields: Fields, { keyId, mac }: KeyedMac): boolean {
    const key = this.#keys.get(keyId);
    const given = Buffer.from(mac, 'hex');
    const own = key && macOf(key, purpose, keyId, fields);
    return own !== undefined && given.length === own.length && timingSafeEqual(given, own);
  }
}

/** The lines of a text that hold something. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Throws for what is no base64 of enough bytes. */
export function bytesOf(line: string): Buffer {
  const bytes = Buffer.from(BASE64.test(line) ? line : '', 'base64');
  if (bytes.length < LEAST_BYTES)
    throw new Error(`must be ${LEAST_BYTES} bytes or more in base64, a key on each line`);
  return bytes;
}

/** A key is known by what it makes of a text that is no link: an id that nobody has to think of, and from which nothing is learned of the key. */
function readKey(line: string): readonly [string, KeyObject] {
  const key = createSecretKey(bytesOf(line));
  return [createHmac('sha256', key).update('sluice chain key').digest('hex').slice(0, 16), key];
}

/** JSON of a flat list is unambiguous: no two lists of fields are written alike. */
function macOf(key: KeyObject, purpose: Purpose, keyId: string, fields: Fields): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([`sluice ${purpose}`, 1, keyId, ...fields]))
    .digest();
}
