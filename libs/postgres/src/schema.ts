import { PLATFORM_MIGRATIONS, type MigrationClass } from './migrations.js';
import { PLATFORM_RETENTION, type RetentionRule } from './retention.js';
import { withPlatformRights, type Rights } from './rights.js';

/** All that the owner of a service's database has to know: its tables, what the service's login may do there, and what leaves when. */
export interface DatabaseSchema {
  /** In the order in which they are applied. */
  readonly migrations: readonly MigrationClass[];
  readonly rights: Rights;
  /** Which rows of its own tables are removed. */
  readonly retention?: readonly RetentionRule[];
}

/** A schema together with the tables, rights and rules that every service has. */
export function withPlatform({ migrations, rights, retention = [] }: DatabaseSchema) {
  return {
    migrations: [...PLATFORM_MIGRATIONS, ...migrations],
    rights: withPlatformRights(rights),
    retention: [...retention, ...PLATFORM_RETENTION],
  } satisfies DatabaseSchema;
}

/** What every service has, and nothing more. */
export const PLATFORM_SCHEMA: DatabaseSchema = { migrations: [], rights: { tables: {} } };
