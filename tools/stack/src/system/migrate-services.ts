import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import type { ServiceName } from '../tables/services.js';
import { appOf } from '../tables/venues.js';
import { ACCOUNTS } from './service-environment.js';

/** Database of a service, with the owner's URL and the service's login. */
interface DatabaseToMigrate {
  readonly name: ServiceName;
  readonly ownerUrl: string;
  readonly login: string;
}

/**
 * Runs the migration job (`dist/migrate.js`) of each service from a checkout, in parallel. Throws
 * the message of a failed job.
 */
export async function migrateServices(
  databases: readonly DatabaseToMigrate[],
  code = workspaceRoot(),
): Promise<void> {
  await Promise.all(databases.map((database) => migrateService(database, code)));
}

async function migrateService(
  { name, ownerUrl, login }: DatabaseToMigrate,
  code: string,
): Promise<void> {
  const job = join(code, 'apps', appOf(name), 'dist', 'migrate.js');
  const env = { ...ACCOUNTS, DATABASE_OWNER_URL: ownerUrl, DATABASE_LOGIN: login };
  try {
    await promisify(execFile)(process.execPath, [job], { env });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new SetupError(`the database of ${name} was not migrated: ${said || String(cause)}`, {
      cause,
    });
  }
}
