import { withTls, type ServiceDatabase } from '@sluice/test-servers';
import { layoutOf } from '../layout/layout.js';
import type { RunFile } from '../layout/run-file.js';
import { ownerOf, specOf, type ServiceName } from '../tables/services.js';
import { loadSecrets, type StackSecrets } from './stack-secrets.js';

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
