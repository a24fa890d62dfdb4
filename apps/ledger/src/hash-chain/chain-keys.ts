import { hash, timingSafeEqual } from 'node:crypto';
import { HmacSha256 } from '@sluice/signing';

type Purpose = 'chain entry' | 'checkpoint' | 'account signer' | 'hold end' | 'hold grant';
type LinkFields = readonly (string | number | null)[];

const LEAST_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export interface KeyedMac {
  readonly keyId: string;
  /** Hex. */
  readonly mac: string;
}

/**
 * MAC keys of the hash chains, out of the database login's reach. The first key makes MACs, all
 * verify; an old key stays while proofs walk over its entries. Printing shows no secret.
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

/** The key id is a MAC over a constant text: no operator chooses it, and it reveals nothing. */
function readKey(line: string): readonly [string, HmacSha256] {
  const key = new HmacSha256(bytesOf(line));
  return [key.of('sluice chain key', 'hex').slice(0, 16), key];
}

/** In hex. JSON of a flat list is unambiguous: no two lists of fields are written alike. */
function macOf(key: HmacSha256, purpose: Purpose, keyId: string, fields: LinkFields): string {
  return key.of(JSON.stringify([`sluice ${purpose}`, 1, keyId, ...fields]), 'hex');
}

/**
 * A hold is placed with a lock and ends with the lock's key, a MAC under a secret of the ledger. A
 * constraint compares both: a database login without the secret cannot end a hold.
 */

/**
 * Part of the key, because the database login may write expiry times and grants. `lasting`: only a
 * command ends the hold. `expiring`: placed with an expiry time. `guarded`: people must approve.
 */
export type HoldKind = 'lasting' | 'expiring' | 'guarded';

const KINDS: readonly HoldKind[] = ['lasting', 'expiring', 'guarded'];
const ID_LENGTH = 16;
/** Characters of a key and of its digest in hex: 128 bits. */
const KEY_LENGTH = 32;

/** This instance lacks the key that ends a hold: the batch waits in Kafka. */
export class UnknownLockError extends Error {
  override readonly name = 'UnknownLockError';
  /** SQLSTATE class 57, operator intervention: libs/kafka retries errors of this class. */
  readonly code = '57H02';

  constructor(withdrawalId: string) {
    super(
      `hold ${withdrawalId} has a lock of none of the keys in CHAIN_KEY_FILE and cannot end: add the missing key, behind the first`,
    );
  }
}

interface Locked {
  readonly withdrawalId: string;
  readonly lock: string | null;
}

export function newLock(keys: ChainKeys, withdrawalId: string, kind: HoldKind): string {
  const { keyId, mac } = keys.sign('hold end', [withdrawalId, kind]);
  return keyId + digestOf(mac.slice(0, KEY_LENGTH));
}

/** Returns the key of the lock; null if none of the ledger's secrets made the lock. */
export function endKeyOf(
  keys: ChainKeys,
  { withdrawalId, lock }: Locked,
  kinds: readonly HoldKind[] = KINDS,
): string | null {
  const keyId = secretOf(lock);
  for (const kind of kinds) {
    const key = keys.macBy(keyId, 'hold end', [withdrawalId, kind])?.slice(0, KEY_LENGTH);
    if (key !== undefined && keyId + digestOf(key) === lock) return key;
  }
  return null;
}

/** Returns the key of the grant of a guarded hold, under the secret that made its lock. */
export function grantKeyOf(keys: ChainKeys, { withdrawalId, lock }: Locked): string | null {
  return keys.macBy(secretOf(lock), 'hold grant', [withdrawalId])?.slice(0, KEY_LENGTH) ?? null;
}

export function secretOf(lock: string | null): string {
  return lock?.slice(0, ID_LENGTH) ?? '';
}

function digestOf(key: string): string {
  return hash('sha256', Buffer.from(key, 'hex'), 'hex').slice(0, KEY_LENGTH);
}
