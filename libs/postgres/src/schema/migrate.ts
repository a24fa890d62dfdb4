import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { ALL_ACCOUNTS } from '../accounts/account-scope.js';
import { requireFitDatabase } from '../connection/database-faults.js';
import {
  CONNECT_TIMEOUT_MS,
  SessionClient,
  type SessionConfig,
} from '../connection/session-client.js';
import { migrateConfig } from './config.js';
import { storeRetentionRules } from './retention.js';
import { grantRights, type Query } from './rights.js';
import { type DatabaseSchema, withPlatform } from './schema.js';

interface MigrateOptions {
  readonly url: string;
  /** Login of the running service; receives the service's rights. */
  readonly login: string;
  readonly schema: DatabaseSchema;
}

const MIGRATION_LOCK = 7_315_001;
const OF_ALL_ACCOUNTS: SessionConfig['session'] = { 'sluice.account': ALL_ACCOUNTS };
/** A migration waits only briefly for a lock, and tries again while the services continue between. */
const MOST_TRIES = 12;
const BETWEEN_TRIES_MS = 2_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Migrates as the owner: migrations, rights of the login, retention rules. Repeatable and safe
 * concurrently. After a newer release rights and rules stay. Returns the applied migrations. Throws
 * PreviewDatabaseError before version 1.0, and UnfitDatabaseError.
 */
export async function migrate({ url, login, schema }: MigrateOptions): Promise<readonly string[]> {
  const { migrations, rights, retention } = withPlatform(schema);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'migrate',
    poolSize: 2, // a connection holds the lock
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
    poolErrorHandler: () => undefined,
    extra: { Client: SessionClient, session: OF_ALL_ACCOUNTS },
  });
  await requireFitDatabase({
    connectionString: url,
    application_name: 'migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    session: OF_ALL_ACCOUNTS,
  });
  await dataSource.initialize();
  try {
    return await locked(dataSource, async (runner) => {
      await refusePreview(dataSource);
      const before = await appliedNames(dataSource);
      await untilLocksAreFree(() => dataSource.runMigrations());
      const applied = (await appliedNames(dataSource)).filter((name) => !before.includes(name));
      if (await isOfNewerRelease(dataSource)) return applied;
      await untilLocksAreFree(() =>
        inTransaction(runner, async (query) => {
          await grantRights(query, rights, login);
          await storeRetentionRules(query, retention);
        }),
      );
      return applied;
    });
  } finally {
    await dataSource.destroy();
  }
}

/** The database belongs to a version before 1.0; such a database is not upgraded. */
export class PreviewDatabaseError extends Error {
  override readonly name = 'PreviewDatabaseError';
}

async function refusePreview(dataSource: DataSource): Promise<void> {
  const names = await appliedNames(dataSource);
  const [baseline] = dataSource.migrations.map(nameOf);
  if (names.length === 0 || baseline === undefined || names.includes(baseline)) return;
  throw new PreviewDatabaseError(
    'The database was created by a preview of Sluice (before 1.0), which cannot be upgraded. Create an empty database for this service and run the migration again; for `npm start`, delete its data folder (.sluice).',
  );
}

/** True if the database has migrations unknown to this release. */
async function isOfNewerRelease(dataSource: DataSource): Promise<boolean> {
  const known = new Set(dataSource.migrations.map(nameOf));
  return (await appliedNames(dataSource)).some((name) => !known.has(name));
}

async function appliedNames(dataSource: DataSource): Promise<readonly string[]> {
  const [{ exists }]: [{ exists: boolean }] = await dataSource.query(
    `SELECT to_regclass('migrations') IS NOT NULL AS exists`,
  );
  if (!exists) return [];
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM migrations');
  return rows.map(({ name }) => name);
}

function nameOf(migration: MigrationInterface): string {
  return migration.name ?? migration.constructor.name;
}

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
    // a pooler may keep the session, and with the session the lock
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}

/** Repeats work that ended with PostgreSQL's lock timeout. An applied migration is not repeated. */
async function untilLocksAreFree(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === MOST_TRIES || (error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE)
        throw error;
      await delay(BETWEEN_TRIES_MS);
    }
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

/** Main function of `dist/migrate.js`. Exits with 0, or with 1 and a message. */
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
