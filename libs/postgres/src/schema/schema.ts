import { PLATFORM_MIGRATIONS, type MigrationClass } from './migrations.js';
import { PLATFORM_RETENTION, type RetentionRule } from './retention.js';
import { withPlatformRights, type Rights } from './rights.js';

/** Tables, rights of the login, and retention rules. */
export interface DatabaseSchema {
  readonly migrations: readonly MigrationClass[];
  readonly rights: Rights;
  /** Retention rules of the service's own tables. Default: no rules. */
  readonly retention?: readonly RetentionRule[];
}

/** Returns the schema extended by the tables, rights and rules of every service. */
export function withPlatform({ migrations, rights, retention = [] }: DatabaseSchema) {
  return {
    migrations: [...PLATFORM_MIGRATIONS, ...migrations],
    rights: withPlatformRights(rights),
    retention: [...retention, ...PLATFORM_RETENTION],
  } satisfies DatabaseSchema;
}

/** Schema with only the tables, rights and rules of every service. */
export const PLATFORM_SCHEMA: DatabaseSchema = { migrations: [], rights: { tables: {} } };
