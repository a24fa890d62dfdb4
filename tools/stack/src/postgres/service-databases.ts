import pg from 'pg';
import { withClient } from './start-postgres.js';

export interface ServiceDatabase {
  /** Also the name of the login role that owns it. */
  readonly name: string;
  readonly password: string;
}

/** One database and one login role per service; no other role may connect. Safe to repeat. */
export async function ensureServiceDatabases(adminUrl: string, databases: readonly ServiceDatabase[]): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const database of databases) await ensureDatabase(client, database);
  });
}

async function ensureDatabase(client: pg.Client, { name, password }: ServiceDatabase): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const verb = known.rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);

  const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (!exists.rowCount) await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
  await client.query(`REVOKE ALL ON DATABASE ${role} FROM PUBLIC`);
}
