import { timingSafeEqual } from 'node:crypto';
import { HmacSha256 } from './hmac-sha256.js';

/** What a MAC is for. One that was made for one purpose never passes for another. */
export type Purpose =
  | 'message'
  | 'order'
  | 'hold receipt'
  | 'timed receipt'
  | 'signer receipt'
  | 'closed'
  | 'nothing moved'
  | 'requested order'
  | 'attempt'
  | 'print';

/** The fields that are vouched for, in their order; an absent one is null. */
export type Fields = readonly (string | number | null)[];

export interface NamedKey {
  /** Letters, digits and dashes: names the key beside each MAC, so that keys can be changed with an overlap. */
  readonly id: string;
  /** 32 bytes or more, in base64. */
  readonly key: string;
}

/** What tells a key from others, and from which it cannot be had. */
export interface KeyPrint {
  readonly id: string;
  readonly print: string;
}

const VERSION = 1;
const PRINT_LENGTH = 12;
const LEAST_BYTES = 32;
const ID = /^[A-Za-z0-9-]{1,32}$/;

/**
 * The keys that exactly two processes share (or that one has for itself). The first makes MACs, all of them check: a new key is added as the
 * last on both sides, then moved to the front, then the old one is removed.
 */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, HmacSha256>;
  private readonly first: readonly [string, HmacSha256];

  /** Throws a sentence for a key that is none; never prints one. */
  constructor(keys: readonly NamedKey[]) {
    const read = keys.map(readKey);
    const [first] = read;
    if (first === undefined) throw new Error('there is no key');
    this.keys = new Map(read);
    if (this.keys.size < read.length) throw new Error('two keys have the same id');
    this.first = first;
  }

  /** HMAC-SHA-256 with the id of its key: `<id>.<base64url>`. */
  sign(purpose: Purpose, fields: Fields): string {
    const [id, key] = this.first;
    return `${id}.${macOf(key, purpose, fields)}`;
  }

  /** A part of the MAC of nothing under each key, the one that signs first. */
  prints(): readonly KeyPrint[] {
    return [...this.keys].map(([id, key]) => ({
      id,
      print: macOf(key, 'print', []).slice(0, PRINT_LENGTH),
    }));
  }

  /** Takes the same time for every MAC of the right length. */
  verify(purpose: Purpose, fields: Fields, mac: string | null | undefined): boolean {
    if (typeof mac !== 'string') return false;
    const dot = mac.indexOf('.');
    const key = this.keys.get(mac.slice(0, dot));
    if (key === undefined) return false;
    const given = Buffer.from(mac.slice(dot + 1));
    const own = Buffer.from(macOf(key, purpose, fields));
    return given.length === own.length && timingSafeEqual(given, own);
  }
}

/** JSON of a flat list is unambiguous: no two lists of fields are written alike. */
function macOf(key: HmacSha256, purpose: Purpose, fields: Fields): string {
  return key.of(JSON.stringify([`sluice ${purpose}`, VERSION, ...fields]));
}

function readKey({ id, key }: NamedKey): [string, HmacSha256] {
  if (!ID.test(id)) throw new Error('a key id has letters, digits and dashes, at most 32 of them');
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < LEAST_BYTES || new Set(bytes).size < 8)
    throw new Error(`key ${id} must be ${LEAST_BYTES} random bytes or more, in base64`);
  return [id, new HmacSha256(bytes)];
}
