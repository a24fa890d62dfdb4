import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError, withTls, workspaceRoot, type ServiceDatabase } from '@sluice/test-servers';
import { layoutOf } from '../layout/layout.js';
import type { RunFile } from '../layout/run-file.js';
import { ownerOf, specOf, type ServiceName } from '../tables/services.js';
import { loadSecrets, type StackSecrets } from './stack-secrets.js';
import { appOf } from '../tables/venues.js';
import { ACCOUNTS } from './service-environment.js';

type Passwords = Pick<StackSecrets, 'databases' | 'owners'>;

/** Address of PostgreSQL, with the CA for TLS; without a CA the connection uses no TLS. */
interface PostgresPlace {
  /** Host (default: this machine). */
  readonly host?: string;
  readonly port: number;
  readonly caFile?: string | undefined;
}

/**
 * Returns databases, logins and owners of the services, as arguments for `ensureServiceDatabases`.
 */
export function databasesOf(
  names: readonly ServiceName[],
  { databases, owners }: Passwords,
): readonly ServiceDatabase[] {
  return names.map((name) => ({
    name: specOf(name).database,
    password: databases[name],
    owner: { name: ownerOf(name), password: owners[name] },
  }));
}

/** Returns the database URL with the service's login. */
export function databaseUrl(
  name: ServiceName,
  { databases }: Passwords,
  { caFile, ...place }: PostgresPlace,
): string {
  const { database } = specOf(name);
  return withTls(urlOf(database, databases[name], place, database), caFile);
}

/**
 * Returns the database URL with the owner's login, for migrations and for operations forbidden to
 * the service's login.
 */
export function ownerUrl(
  name: ServiceName,
  { owners }: Passwords,
  { caFile, ...place }: PostgresPlace,
): string {
  return withTls(urlOf(ownerOf(name), owners[name], place, specOf(name).database), caFile);
}

/** A running system of this machine, with an own PostgreSQL. */
interface Running {
  readonly home: string;
  readonly run: Pick<RunFile, 'databases' | 'ca_file'>;
}

/**
 * Returns the URL of a service's database in a running system, with the owner's login, for the rows
 * of all accounts.
 */
export function ownerUrlOf(system: Running, service: ServiceName): string {
  return urlOfAllAccounts(
    ownerUrl(service, loadSecrets(layoutOf(system.home).secrets), placeOf(system)),
  );
}

/**
 * Returns a database URL whose connections reach the rows of all accounts. Without this setting a
 * connection reaches no rows of accounts.
 */
export function urlOfAllAccounts(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c sluice.account=*');
  return url.href;
}

/**
 * Returns the URL of a database of a running system, with the superuser's login. The superuser may
 * create databases and uses no connection of the services.
 */
export function superuserUrlOf(system: Running, database: string): string {
  const { postgres } = loadSecrets(layoutOf(system.home).secrets);
  const { caFile, ...place } = placeOf(system);
  return withTls(urlOf('postgres', postgres, place, database), caFile);
}

function placeOf({ run }: Running): PostgresPlace {
  const { port } = new URL(run.databases['intake-api']);
  return { port: Number(port), caFile: run.ca_file };
}

function urlOf(
  login: string,
  password: string,
  { host = '127.0.0.1', port }: PostgresPlace,
  database: string,
): string {
  return `postgres://${login}:${password}@${host}:${port}/${database}`;
}

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
