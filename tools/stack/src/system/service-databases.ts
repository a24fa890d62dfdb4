import { withTls, type ServiceDatabase } from '@sluice/test-servers';
import { ownerOf, specOf, type ServiceName } from '../services.js';
import type { StackSecrets } from './stack-secrets.js';

type Passwords = Pick<StackSecrets, 'databases' | 'owners'>;

/** Where PostgreSQL is, and by which authority it proves that; without one it speaks plainly. */
interface PostgresPlace {
  /** This machine unless told. */
  readonly host?: string;
  readonly port: number;
  readonly caFile?: string | undefined;
}

/** Databases, logins and owners of these services, as `ensureServiceDatabases` takes them. */
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

/** With the login of the service itself. */
export function databaseUrl(
  name: ServiceName,
  { databases }: Passwords,
  { caFile, ...place }: PostgresPlace,
): string {
  const { database } = specOf(name);
  return withTls(urlOf(database, databases[name], place, database), caFile);
}

/** With the login that owns the tables: it migrates, and may do what the service's own may not. */
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
