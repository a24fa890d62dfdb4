import { hash, timingSafeEqual } from 'node:crypto';

/** Purpose of a MAC. A MAC for a purpose never verifies for another purpose. */
type Purpose =
  | 'message'
  | 'requested'
  | 'ordered'
  | 'held'
  | 'closed'
  | 'nothing moved'
  | 'returned'
  | 'requested order'
  | 'attempt'
  | 'signed nonce'
  | 'delivery'
  | 'passkey voucher'
  | 'print';

/** The signed fields, in order; null for a missing field. */
type AuthenticatedFields = readonly (string | number | null)[];

export interface NamedKey {
  /** Letters, digits and dashes; part of each MAC, for keys with an overlap. */
  readonly id: string;
  /** 32 bytes or more, in base64. */
  readonly key: string;
}

/** Fingerprint of a key; the key cannot be derived from the fingerprint. */
interface KeyPrint {
  readonly id: string;
  readonly print: string;
}

const VERSION = 1;
const PRINT_LENGTH = 12;
const LEAST_BYTES = 32;
const ID = /^[A-Za-z0-9-]{1,32}$/;

/**
 * Keys shared by two processes, or private. The first signs, all verify. To change: add last on
 * both sides, move to the front, remove the old.
 */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, HmacSha256>;
  private readonly first: readonly [string, HmacSha256];

  /** Throws an error message for an invalid key; the message never contains a key. */
  constructor(keys: readonly NamedKey[]) {
    const read = keys.map(readKey);
    const [first] = read;
    if (first === undefined) throw new Error('there is no key');
    this.keys = new Map(read);
    if (this.keys.size < read.length) throw new Error('two keys have the same id');
    this.first = first;
  }

  /** Signs with HMAC-SHA-256 and the key id: `<id>.<base64url>`. */
  sign(purpose: Purpose, fields: AuthenticatedFields): string {
    const [id, key] = this.first;
    return `${id}.${macOf(key, purpose, fields)}`;
  }

  /** Fingerprints, signing key first: a prefix of the MAC of an empty list. */
  prints(): readonly KeyPrint[] {
    return [...this.keys].map(([id, key]) => ({
      id,
      print: macOf(key, 'print', []).slice(0, PRINT_LENGTH),
    }));
  }

  /** Returns true if the MAC names the signing key. The MAC itself is not verified. */
  isOfSigningKey(mac: string): boolean {
    return mac.startsWith(`${this.first[0]}.`);
  }

  /** Takes the same time for every MAC of the right length. */
  verify(purpose: Purpose, fields: AuthenticatedFields, mac: string | null | undefined): boolean {
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
function macOf(key: HmacSha256, purpose: Purpose, fields: AuthenticatedFields): string {
  return key.of(JSON.stringify([`sluice ${purpose}`, VERSION, ...fields]));
}

function readKey({ id, key }: NamedKey): [string, HmacSha256] {
  if (!ID.test(id)) throw new Error('a key id has letters, digits and dashes, at most 32 of them');
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < LEAST_BYTES || new Set(bytes).size < 8)
    throw new Error(`key ${id} must be ${LEAST_BYTES} random bytes or more, in base64`);
  return [id, new HmacSha256(bytes)];
}

const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC-SHA-256 (RFC 2104) from two one-shot digests, cheaper than `createHmac` for many short texts
 * (docs/adr/0024-tracing-and-benchmarks.md). Printing reveals no key.
 */
export class HmacSha256 {
  readonly #innerPad: Buffer;
  readonly #outerPad: Buffer;

  /** A key longer than a block is hashed first, according to the RFC. */
  constructor(key: Uint8Array) {
    const block = Buffer.alloc(BLOCK);
    block.set(key.length > BLOCK ? hash('sha256', key, 'buffer') : key);
    this.#innerPad = block.map((byte) => byte ^ 0x36) as Buffer;
    this.#outerPad = block.map((byte) => byte ^ 0x5c) as Buffer;
  }

  of(text: string, encoding: 'base64url' | 'hex' = 'base64url'): string {
    const inner = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text));
    inner.set(this.#innerPad);
    inner.write(text, BLOCK);
    const outer = Buffer.allocUnsafe(BLOCK + DIGEST);
    outer.set(this.#outerPad);
    outer.write(hash('sha256', inner, 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, encoding);
  }
}
