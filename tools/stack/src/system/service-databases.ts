import { withTls, type ServiceDatabase } from '@sluice/test-servers';
import { ownerOf, specOf, type ServiceName } from '../tables/services.js';
import type { StackSecrets } from './stack-secrets.js';

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

function urlOf(
  login: string,
  password: string,
  { host = '127.0.0.1', port }: PostgresPlace,
  database: string,
): string {
  return `postgres://${login}:${password}@${host}:${port}/${database}`;
}
