import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiError, type Permission } from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { CONFIG_CHANNEL } from '../instances/look-up-cache.js';
import { AccountEntity } from '../accounts/account.entity.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { KeyStore, OPENED } from './key-store.js';
import { openKey, sealKey, type KeySecrets, type KeyTerms } from './sealed-key.js';
import { SecretBox } from './sealed-secret.js';

export interface NewKey {
  readonly accountId: string;
  readonly label: string;
  /** Public key of an Ed25519 key. Null: a secret is generated. */
  readonly publicKey?: string | null;
  readonly permissions: readonly Permission[];
  readonly rateLimit: number;
  readonly allowedIps: readonly string[];
  /** 0: never. */
  readonly expiresInDays: number;
}

export interface KeyRotation {
  /** Time the previous secret stays valid. */
  readonly overlapSeconds: number;
  readonly publicKey?: string | null;
  /** 0: never expires. Default: the usual lifetime, or never if the key had no expiry. */
  readonly expiresInDays?: number;
}

/** New key with the secret, returned only once. */
export interface IssuedKey {
  readonly keyId: string;
  /** Secret, or the public key of an Ed25519 key. */
  readonly secret: string;
  readonly expiresAt: Date | null;
  readonly overlapUntil: Date | null;
}

/**
 * Runs in the transaction of a change before any write; an answer other than null ends the change.
 */
export type Agree<Awaited> = (tx: Tx, permissions: readonly string[]) => Promise<Awaited | null>;

/** Default lifetime of a key with the permission to withdraw: a quarter of a year. */
const DAYS_OF_WITHDRAW_KEYS = 90;
const DAY_MS = 86_400_000;

export function defaultLifetimeDays(permissions: readonly string[]): number {
  return permissions.includes('withdraw') ? DAYS_OF_WITHDRAW_KEYS : 0;
}

/** Creates, rotates and revokes keys. Each change is a further generation of the key; no row is ever written over. */
@Injectable()
export class KeyChanges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: KeyStore,
    private readonly box: SecretBox,
  ) {}

  async create<Awaited extends object>(
    { rateLimit, expiresInDays, publicKey = null, ...key }: NewKey,
    agree: Agree<Awaited>,
  ): Promise<IssuedKey | Awaited> {
    const keyId = `ck_${randomBytes(12).toString('hex')}`;
    const secret = publicKey ?? newSecret();
    return this.unitOfWork.run(async (tx) => {
      const awaited = await agree(tx, key.permissions);
      if (awaited !== null) return awaited;
      const createdAt = await tx.now();
      const account = await tx.repository(AccountEntity).findOne({ where: { id: key.accountId } });
      const sharesReferences = account?.keysShareReferences ?? false;
      const terms: KeyTerms = {
        ...key,
        algorithm: publicKey === null ? 'hmac-sha256' : 'ed25519',
        keyId,
        generation: 1,
        rateLimitPerMin: rateLimit,
        sharesReferences,
        createdAt,
        expiresAt: after(createdAt, expiresInDays),
        overlapUntil: null,
        revokedAt: null,
      };
      await this.insert(tx, terms, { current: secret, previous: null });
      return { keyId, secret, expiresAt: terms.expiresAt, overlapUntil: null };
    });
  }

  /**
   * Adds a second secret, or the customer's next Ed25519 key, to a key; references stay the same.
   * Returns null if the key is unknown or revoked. Throws if the row differs from the sealed
   * content.
   */
  async rotate<Awaited extends object>(
    keyId: string,
    { overlapSeconds, expiresInDays, publicKey = null }: KeyRotation,
    agree: Agree<Awaited>,
  ): Promise<IssuedKey | Awaited | null> {
    return this.change<IssuedKey | Awaited>(keyId, async (tx, row) => {
      if (row.revokedAt !== null) return null;
      const { current } = this.opened(row);
      const fault = publicKeyFault(row, current, publicKey);
      if (fault !== null) throw ApiError.invalid([`public_key: ${fault}`]);
      const awaited = await agree(tx, row.permissions);
      if (awaited !== null) return awaited;
      const secret = publicKey ?? newSecret();
      const now = await tx.now();
      const days =
        expiresInDays ?? (row.expiresAt === null ? 0 : defaultLifetimeDays(row.permissions));
      const expiresAt = after(now, days);
      const overlapUntil = new Date(now.getTime() + overlapSeconds * 1000);
      await this.insert(
        tx,
        { ...nextOf(row), expiresAt, overlapUntil },
        { current: secret, previous: current },
      );
      return { keyId, secret, expiresAt, overlapUntil };
    });
  }

  /** Revokes a key, even one with a tampered row. Returns false for an unknown key. */
  async revoke(keyId: string): Promise<boolean> {
    const revoked = await this.change(keyId, async (tx, row) => {
      if (row.revokedAt === null)
        await this.insert(
          tx,
          { ...nextOf(row), revokedAt: await tx.now() },
          { current: '', previous: null },
        );
      return true;
    });
    return revoked ?? false;
  }

  /**
   * Seals all keys of former key-encrypting keys again. Returns their number and the ids not
   * openable.
   */
  async rewrap(): Promise<{ readonly sealed: number; readonly refused: readonly string[] }> {
    const refused: string[] = [];
    const keyIds = await this.keys.sealedByOthers();
    for (const keyId of keyIds)
      await this.change(keyId, async (tx, row) => {
        try {
          await this.insert(tx, nextOf(row), openKey(this.box, row));
        } catch {
          refused.push(keyId);
        }
        return null;
      });
    return { sealed: keyIds.length - refused.length, refused };
  }

  /**
   * Runs a change under the key's lock, then clears every instance's key cache. Null: unknown key.
   */
  private async change<T>(
    keyId: string,
    work: (tx: Tx, row: ApiKeyEntity) => Promise<T | null>,
  ): Promise<T | null> {
    const changed = await this.unitOfWork.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [keyId]);
      const row = await tx
        .repository(ApiKeyEntity)
        .findOne({ where: { keyId }, order: { generation: 'DESC' }, select: OPENED });
      if (row === null) return null;
      const result = await work(tx, row);
      void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
      return result;
    });
    this.keys.clear();
    return changed;
  }

  private opened(row: ApiKeyEntity): KeySecrets {
    try {
      return openKey(this.box, row);
    } catch {
      throw ApiError.conflict('The row of this API key is not as it was sealed');
    }
  }

  private async insert(tx: Tx, terms: KeyTerms, secrets: KeySecrets): Promise<void> {
    await tx
      .repository(ApiKeyEntity)
      .insert({ ...terms, sealed: sealKey(this.box, terms, secrets) });
  }
}

function publicKeyFault(
  { algorithm }: ApiKeyEntity,
  current: string,
  next: string | null,
): string | null {
  if (algorithm === 'hmac-sha256')
    return next === null ? null : 'This key has a secret, and no public key';
  if (next === null) return 'Field required: this is an Ed25519 key';
  return next === current ? 'It is that of now' : null;
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function nextOf({ sealed: _sealed, ...terms }: ApiKeyEntity): KeyTerms {
  return { ...terms, generation: terms.generation + 1 };
}

function after(now: Date, days: number): Date | null {
  return days === 0 ? null : new Date(now.getTime() + days * DAY_MS);
}
