import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ApiKeyDto, Permission } from '@sluice/admin-api';
import { Database } from '@sluice/postgres';
import { SecretBox, type SealedSecret } from './sealed-secret.js';
import { CONFIG_CHANNEL } from '../channels.js';
import { TtlCache } from '../ttl-cache.js';

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

interface Row {
  key_id: string;
  account_id: string;
  secret: SealedSecret;
  permissions: string[];
  rate_limit_per_min: number;
  allowed_ips: string[];
}

type ListedRow = Omit<ApiKeyDto, 'created_at' | 'revoked_at'> & {
  readonly created_at: Date;
  readonly revoked_at: Date | null;
};

const LONGEST_KEY_ID = 64;

/** API keys: sealed in the database, opened in memory, cached until any instance changes one. */
@Injectable()
export class KeyStore {
  private readonly cache = new TtlCache((keyId) => this.load(keyId));

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** The key, or null when it is unknown or revoked. */
  async find(keyId: string): Promise<ApiKey | null> {
    return keyId.length > LONGEST_KEY_ID ? null : this.cache.get(keyId); // unknown ids are cached too, so they must stay small
  }

  clear(): void {
    this.cache.clear();
  }

  /** Creates a key. The secret is answered here once and never again. */
  async create(newKey: NewKey): Promise<{ keyId: string; secret: string }> {
    const keyId = `ck_${randomBytes(12).toString('hex')}`;
    const secret = randomBytes(32).toString('base64url');
    await this.database.query(
      `INSERT INTO api_key (key_id, account_id, label, secret, permissions, rate_limit_per_min, allowed_ips) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        keyId,
        newKey.accountId,
        newKey.label,
        JSON.stringify(this.box.seal(secret, keyId)),
        newKey.permissions,
        newKey.rateLimit,
        newKey.allowedIps,
      ],
    );
    return { keyId, secret };
  }

  /** False when there is no such key; revoking twice is fine. */
  async revoke(keyId: string): Promise<boolean> {
    const rows = await this.database.query(
      `WITH revoked AS (UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE key_id = $1 RETURNING key_id)
       SELECT key_id, pg_notify('${CONFIG_CHANNEL}', '') FROM revoked`,
      [keyId],
    );
    this.clear();
    return rows.length > 0;
  }

  /** All keys of an account, without their secrets. */
  async list(accountId: string): Promise<ApiKeyDto[]> {
    const rows = await this.database.query<ListedRow>(
      'SELECT key_id, label, permissions, rate_limit_per_min, allowed_ips, created_at, revoked_at FROM api_key WHERE account_id = $1 ORDER BY created_at',
      [accountId],
    );
    return rows.map(({ created_at, revoked_at, ...row }) => ({
      ...row,
      created_at: created_at.toISOString(),
      revoked_at: revoked_at?.toISOString() ?? null,
    }));
  }

  private async load(keyId: string): Promise<ApiKey | null> {
    const [row] = await this.database.query<Row>(
      'SELECT key_id, account_id, secret, permissions, rate_limit_per_min, allowed_ips FROM api_key WHERE key_id = $1 AND revoked_at IS NULL',
      [keyId],
    );
    if (!row) return null;
    return {
      keyId: row.key_id,
      accountId: row.account_id,
      secret: this.box.open(row.secret, row.key_id),
      permissions: new Set(row.permissions),
      rateLimit: row.rate_limit_per_min,
      allowedIps: row.allowed_ips,
    };
  }
}
