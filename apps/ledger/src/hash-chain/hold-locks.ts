import { hash } from 'node:crypto';
import type { ChainKeys } from './chain-keys.js';

/**
 * A hold is placed with a lock, and ends with the key of the lock. The key is a MAC under a secret
 * of the ledger. The lock is the id of the secret and a digest of the key. A constraint of the table
 * compares lock and key: a database login without the secret cannot end a hold.
 */

/**
 * `lasting`: only a command ends the hold. `expiring`: the hold was placed with an expiry time.
 * `guarded`: people must approve the payment. The kind is part of the key, because the database login
 * may write expiry times and grants.
 */
export type HoldKind = 'lasting' | 'expiring' | 'guarded';

const KINDS: readonly HoldKind[] = ['lasting', 'expiring', 'guarded'];
const ID_LENGTH = 16;
/** Characters of a key and of its digest in hex: 128 bits. */
const KEY_LENGTH = 32;

/**
 * Thrown at the end of a hold whose key is missing in this instance. The batch waits in Kafka until
 * the instance has the key.
 */
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

/** Returns the lock of a new hold. */
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

/** Returns the id of the secret that made the lock. */
export function secretOf(lock: string | null): string {
  return lock?.slice(0, ID_LENGTH) ?? '';
}

function digestOf(key: string): string {
  return hash('sha256', Buffer.from(key, 'hex'), 'hex').slice(0, KEY_LENGTH);
}
