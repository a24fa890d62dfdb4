import { migrateConfig } from './config.js';
import { migrate } from './migrate.js';
import type { DatabaseSchema } from './schema.js';

/** A service's `dist/migrate.js`: migrates its database as the owner and ends, with 0, or with 1 and a sentence. */
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
