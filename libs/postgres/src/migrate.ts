import { DataSource, type QueryRunner } from 'typeorm';
import { ErrorSafeClient } from './error-safe-client.js';
import { storeRetentionRules } from './retention.js';
import { grantRights, type Query } from './rights.js';
import { withPlatform, type DatabaseSchema } from './schema.js';

export interface MigrateOptions {
  /** With the login that owns the database. */
  readonly url: string;
  /** The login that the service runs with; it is given its rights. */
  readonly login: string;
  readonly schema: DatabaseSchema;
}

const MIGRATION_LOCK = 7_315_001;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings a service's database up to date as its owner: migrations, then the rights of the service's login and the rules of retention.
 * Safe to repeat, and to run twice at once: the second waits and finds it done. Where a newer release was here it leaves its rights and rules, which
 * hold all of ours: it may still run. Answers the names of the migrations that it applied.
 */
export async function migrate({ url, login, schema }: MigrateOptions): Promise<readonly string[]> {
  const { migrations, rights, retention } = withPlatform(schema);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'migrate',
    poolSize: 2, // one holds the lock
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
    poolErrorHandler: () => undefined,
    extra: { Client: ErrorSafeClient },
  });
  await dataSource.initialize();
  try {
    return await locked(dataSource, async (runner) => {
      const applied = await dataSource.runMigrations();
      if (await isOfNewerRelease(dataSource)) return applied.map(({ name }) => name);
      await inTransaction(runner, async (query) => {
        await grantRights(query, rights, login);
        await storeRetentionRules(query, retention);
      });
      return applied.map(({ name }) => name);
    });
  } finally {
    await dataSource.destroy();
  }
}

/** True when the database has migrations that this release does not know. */
async function isOfNewerRelease(dataSource: DataSource): Promise<boolean> {
  const known = new Set(
    dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name),
  );
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM migrations');
  return rows.some(({ name }) => !known.has(name));
}

/** Another job may take its time: the owner's own limits do not hold for this wait. */
async function locked<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(
      `SELECT set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false)`,
    );
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work(runner);
  } finally {
    await runner.release(); // the connection ends with its pool, and the lock with it
  }
}

async function inTransaction(
  runner: QueryRunner,
  work: (query: Query) => Promise<void>,
): Promise<void> {
  const query: Query = <R>(sql: string, params: readonly unknown[] = []) =>
    runner.query(sql, [...params]) as Promise<R[]>;
  await runner.startTransaction();
  try {
    await work(query);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}
