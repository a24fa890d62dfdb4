import { migrateConfig } from './config.js';
import { migrate } from './migrate.js';
import type { DatabaseSchema } from './schema.js';

/**
 * Main function of a service's `dist/migrate.js`: migrates the database as the owner. Exits with 0,
 * or with 1 and an error message.
 */
export async function runMigrateJob(schema: DatabaseSchema): Promise<void> {
  try {
    const { ownerUrl, login } = migrateConfig();
    const applied = await migrate({ url: ownerUrl.reveal(), login, schema });
    process.stdout.write(
      `${applied.length === 0 ? 'nothing to migrate' : `applied ${applied.join(', ')}`}; ${login} has its rights\n`,
    );
  } catch (error) {
    process.stderr.write(
      `not migrated: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
