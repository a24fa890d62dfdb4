import type { ServiceDatabase } from '@sluice/test-servers';
import { OWNED_NAMES, specOf, type OwnedName, type ServiceName } from '../services.js';
import type { StackSecrets } from './stack-secrets.js';

type Passwords = Pick<StackSecrets, 'databases' | 'owners'>;

/** Databases, logins and owners of these services, as `ensureServiceDatabases` takes them. */
export function databasesOf(
  names: readonly ServiceName[],
  { databases, owners }: Passwords,
): readonly ServiceDatabase[] {
  return names.map((name) => {
    const { database, owner } = specOf(name);
    const owned = OWNED_NAMES.find((one) => one === name);
    return {
      ...{ name: database, password: databases[name] },
      ...(owner && owned && { owner: { name: owner, password: owners[owned] } }),
    };
  });
}

/** With the login of the service itself. */
export function databaseUrl(name: ServiceName, { databases }: Passwords, port: number): string {
  const { database } = specOf(name);
  return urlOf(database, databases[name], port, database);
}

/** With the login that owns the tables: it migrates, and may do what the service's own may not. */
export function ownerUrl(name: OwnedName, { owners }: Passwords, port: number): string {
  const { database, owner = database } = specOf(name);
  return urlOf(owner, owners[name], port, database);
}

function urlOf(login: string, password: string, port: number, database: string): string {
  return `postgres://${login}:${password}@127.0.0.1:${port}/${database}`;
}
