import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ApiKeyDto, Permission } from '@sluice/admin-api';
import { Database, UnitOfWork } from '@sluice/postgres';
import { IsNull } from 'typeorm';
import { CONFIG_CHANNEL } from '../channels.js';
import { lookUpCache } from '../look-up-cache.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { SecretBox } from './sealed-secret.js';

export interface ApiKey {
  readonly keyId: string;
  readonly accountId: string;
  readonly secret: string;
  readonly permissions: ReadonlySet<string>;
  /** Requests per epoch minute. */
  readonly rateLimit: number;
  /** Single addresses or CIDR ranges; empty means anywhere. */
  readonly allowedIps: readonly string[];
}

interface NewKey {
  readonly accountId: string;
  readonly label: string;
  readonly permissions: readonly Permission[];
  readonly rateLimit: number;
  readonly allowedIps: readonly string[];
}

/** As `create` makes them: what is none needs no look into the database, and no place in the cache. */
const KEY_ID = /^ck_[0-9a-f]{24}$/;
const UNKNOWN = 'unknown';

/** What makes an opened key of a row. */
const OPENED = {
  keyId: true,
  accountId: true,
  secret: true,
  permissions: true,
  rateLimitPerMin: true,
  allowedIps: true,
} as const;

/** API keys: sealed in the database, opened in memory, cached until any instance changes one. */
@Injectable()
export class KeyStore {
  private readonly cache = lookUpCache(async (keyId) => (await this.load(keyId)) ?? UNKNOWN);

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
  ) {}

  /** The key, or null when it is unknown or revoked. */
  async find(keyId: string): Promise<ApiKey | null> {
    if (!KEY_ID.test(keyId)) return null;
    const known = await this.cache.forceFetch(keyId);
    return known === UNKNOWN ? null : known;
  }

  clear(): void {
    this.cache.clear();
  }

  /** Creates a key. The secret is answered here once and never again. */
  async create(newKey: NewKey): Promise<{ keyId: string; secret: string }> {
    const keyId = `ck_${randomBytes(12).toString('hex')}`;
    const secret = randomBytes(32).toString('base64url');
    await this.database.repository(ApiKeyEntity).insert({
      keyId,
      accountId: newKey.accountId,
      label: newKey.label,
      secret: this.box.seal(secret, keyId),
      permissions: newKey.permissions,
      rateLimitPerMin: newKey.rateLimit,
      allowedIps: newKey.allowedIps,
    });
    return { keyId, secret };
  }

  /** False when there is no such key; revoking twice is fine. */
  async revoke(keyId: string): Promise<boolean> {
    const isThere = await this.unitOfWork.run(async (tx) => {
      const { affected } = await tx
        .repository(ApiKeyEntity)
        .update({ keyId }, { revokedAt: () => 'coalesce(revoked_at, clock_timestamp())' });
      if (affected !== 1) return false;
      void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
      return true;
    });
    this.clear();
    return isThere;
  }

  /** All keys of an account, without their secrets. */
  async list(accountId: string): Promise<ApiKeyDto[]> {
    const rows = await this.database
      .repository(ApiKeyEntity)
      .find({ where: { accountId }, order: { createdAt: 'ASC' } });
    return rows.map((row) => ({
      key_id: row.keyId,
      label: row.label,
      permissions: row.permissions,
      rate_limit_per_min: row.rateLimitPerMin,
      allowed_ips: row.allowedIps,
      created_at: row.createdAt.toISOString(),
      revoked_at: row.revokedAt?.toISOString() ?? null,
    }));
  }

  private async load(keyId: string): Promise<ApiKey | null> {
    const row = await this.database
      .repository(ApiKeyEntity)
      .findOne({ where: { keyId, revokedAt: IsNull() }, select: OPENED });
    if (!row) return null;
    return {
      keyId: row.keyId,
      accountId: row.accountId,
      secret: this.box.open(row.secret, row.keyId),
      permissions: new Set(row.permissions),
      rateLimit: row.rateLimitPerMin,
      allowedIps: row.allowedIps,
    };
  }
}
