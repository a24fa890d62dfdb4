import pg from 'pg';
import { withClient } from './start-postgres.js';

export interface ServiceDatabase {
  /** Also the name of the service's login role. */
  readonly name: string;
  readonly password: string;
  /** The login role that owns the database, where that is not the service's own. */
  readonly owner?: { readonly name: string; readonly password: string };
}

/** One database and one login role per service; no other role may connect. Safe to repeat. */
export async function ensureServiceDatabases(
  adminUrl: string,
  databases: readonly ServiceDatabase[],
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const database of databases) await ensureDatabase(client, database);
  });
  for (const { name, owner } of databases)
    if (owner) await handOver(new URL(adminUrl), name, owner.name);
}

async function ensureDatabase(
  client: pg.Client,
  { name, password, owner }: ServiceDatabase,
): Promise<void> {
  await ensureRole(client, name, password);
  if (owner) await ensureRole(client, owner.name, owner.password);

  const database = pg.escapeIdentifier(name);
  const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (!exists.rowCount)
    await client.query(
      `CREATE DATABASE ${database} OWNER ${pg.escapeIdentifier(owner?.name ?? name)}`,
    );
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  if (owner) await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${database}`);
}

async function ensureRole(client: pg.Client, name: string, password: string): Promise<void> {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const verb = known.rowCount ? 'ALTER' : 'CREATE';
  await client.query(
    `${verb} ROLE ${pg.escapeIdentifier(name)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
  );
}

/** What a service's role made itself, before it had an owner over it, becomes the owner's. */
async function handOver(adminUrl: URL, name: string, owner: string): Promise<void> {
  adminUrl.pathname = `/${name}`;
  await withClient(adminUrl.href, (client) =>
    client.query(`REASSIGN OWNED BY ${pg.escapeIdentifier(name)} TO ${pg.escapeIdentifier(owner)}`),
  );
}
