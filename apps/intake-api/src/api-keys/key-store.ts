import { Injectable } from '@nestjs/common';
import type { ApiKeyDto, KeyAlgorithm } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Counter } from 'prom-client';
import { lookUpCache } from '../instances/look-up-cache.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { openKey } from './sealed-key.js';
import { SecretBox } from './sealed-secret.js';

export interface ApiKey {
  readonly keyId: string;
  readonly accountId: string;
  readonly algorithm: KeyAlgorithm;
  /** Secret, or the public key of an Ed25519 key. */
  readonly secret: string;
  /** Previous secret, valid until the given time. */
  readonly previous: { readonly secret: string; readonly until: Date } | null;
  /** Scope of unique client references: the key id or the account id. */
  readonly referenceScope: string;
  readonly permissions: ReadonlySet<string>;
  /** Requests per epoch minute. */
  readonly rateLimit: number;
  /** Single addresses or CIDR ranges; empty means anywhere. */
  readonly allowedIps: readonly string[];
  readonly expiresAt: Date | null;
}

/** Format of generated ids: any other id skips the database and the cache. */
const KEY_ID = /^ck_[0-9a-f]{24}$/;
const UNKNOWN = 'unknown';

const refusedRows = new Counter({
  name: 'sluice_sealed_rows_refused_total',
  help: 'Rows that did not fit what was sealed with them and were refused. Anything but 0 is an incident',
});

/** Columns needed to open a key. */
export const OPENED = {
  keyId: true,
  generation: true,
  accountId: true,
  label: true,
  algorithm: true,
  sealed: true,
  permissions: true,
  rateLimitPerMin: true,
  allowedIps: true,
  sharesReferences: true,
  createdAt: true,
  expiresAt: true,
  overlapUntil: true,
  revokedAt: true,
} as const;

/** API keys: sealed in the database, opened in memory, cached until any instance changes a key. */
@Injectable()
export class KeyStore {
  private readonly cache = lookUpCache(async (keyId) => (await this.load(keyId)) ?? UNKNOWN);

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Null if the key is unknown or revoked, or if the row differs from the sealed content. The key
   * may have expired.
   */
  async find(keyId: string): Promise<ApiKey | null> {
    if (!KEY_ID.test(keyId)) return null;
    const known = await this.cache.forceFetch(keyId);
    return known === UNKNOWN ? null : known;
  }

  clear(): void {
    this.cache.clear();
  }

  async list(accountId: string): Promise<ApiKeyDto[]> {
    const rows = await this.database
      .repository(ApiKeyEntity)
      .find({ where: { accountId }, order: { createdAt: 'ASC', generation: 'ASC' } });
    const newest = new Map(rows.map((row) => [row.keyId, row]));
    const used = await this.lastUses([...newest.keys()]);
    return [...newest.values()].map((row) => ({
      key_id: row.keyId,
      label: row.label,
      algorithm: row.algorithm,
      permissions: row.permissions,
      rate_limit_per_min: row.rateLimitPerMin,
      allowed_ips: row.allowedIps,
      created_at: row.createdAt.toISOString(),
      last_used_at: used.get(row.keyId)?.toISOString() ?? null,
      expires_at: row.expiresAt?.toISOString() ?? null,
      overlap_until: row.overlapUntil?.toISOString() ?? null,
      revoked_at: row.revokedAt?.toISOString() ?? null,
    }));
  }

  /** Returns active keys with a newest row sealed by another key-encrypting key. */
  async sealedByOthers(): Promise<readonly string[]> {
    const rows = await this.database.query<{ key_id: string }>(
      `SELECT key_id FROM (SELECT DISTINCT ON (key_id) key_id, sealed, revoked_at FROM api_key ORDER BY key_id, generation DESC) AS newest
        WHERE revoked_at IS NULL AND sealed ->> 'kek' IS DISTINCT FROM $1 ORDER BY key_id`,
      [this.box.kekId],
    );
    return rows.map(({ key_id: keyId }) => keyId);
  }

  /**
   * Minute of each key's last valid request, with the counts of the current and the previous
   * minute.
   */
  private async lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.database.query<{ key_id: string; last_used_at: Date }>(
      `SELECT key_id, max(at) AS last_used_at
         FROM (SELECT key_id, last_used_at AS at FROM api_key_use WHERE key_id = ANY ($1)
               UNION ALL SELECT key_id, to_timestamp(minute * 60.0) FROM rate_window WHERE key_id = ANY ($1)) AS u GROUP BY key_id`,
      [keyIds],
    );
    return new Map(rows.map((row) => [row.key_id, row.last_used_at]));
  }

  private async load(keyId: string): Promise<ApiKey | null> {
    const row = await this.database
      .repository(ApiKeyEntity)
      .findOne({ where: { keyId }, order: { generation: 'DESC' }, select: OPENED });
    return row === null || row.revokedAt !== null ? null : this.opened(row);
  }

  private opened(row: ApiKeyEntity): ApiKey | null {
    try {
      const { current, previous } = openKey(this.box, row);
      return {
        keyId: row.keyId,
        accountId: row.accountId,
        algorithm: row.algorithm,
        secret: current,
        previous:
          previous !== null && row.overlapUntil !== null
            ? { secret: previous, until: row.overlapUntil }
            : null,
        referenceScope: row.sharesReferences ? row.accountId : row.keyId,
        permissions: new Set(row.permissions),
        rateLimit: row.rateLimitPerMin,
        allowedIps: row.allowedIps,
        expiresAt: row.expiresAt,
      };
    } catch (err) {
      refusedRows.inc();
      this.logger.error(
        { err, keyId: row.keyId, generation: row.generation },
        'the row of an API key differs from its seal: requests with this key are refused',
      );
      return null;
    }
  }
}
