import { missingRights, type Query } from './rights.js';
import { withPlatform, type DatabaseSchema } from './schema.js';

const NAMED = 3;
/** SQLSTATE of a missing table or right: not migrated for this login yet. */
const NOT_THERE = new Set(['42P01', '42501']);

/** Reachable, but not migrated by the owner; the service works after the job. */
export class NotMigratedError extends Error {
  override readonly name = 'NotMigratedError';
}

/** Throws NotMigratedError where migrations or rights of this release are missing. Those of a newer release are no fault: an upgrade begins with them. */
export async function requireMigrated(query: Query, schema: DatabaseSchema): Promise<void> {
  const { migrations, rights } = withPlatform(schema);
  const applied = new Set(await appliedMigrations(query));
  const pending = migrations
    .map((Migration) => new Migration().name ?? Migration.name)
    .filter((name) => !applied.has(name));
  if (pending.length > 0) throw notMigrated(`lacks ${some(pending)}`);
  const missing = await missingRights(query, rights);
  if (missing.length > 0) throw notMigrated(`does not let this login ${some(missing)}`);
}

async function appliedMigrations(query: Query): Promise<readonly string[]> {
  try {
    return (await query<{ name: string }>('SELECT name FROM migrations')).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code))) return [];
    throw error;
  }
}

function notMigrated(what: string): NotMigratedError {
  return new NotMigratedError(
    `it ${what}: run this release's dist/migrate.js with its owner's login (docs/operations/kubernetes.md, "Upgrading")`,
  );
}

function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
