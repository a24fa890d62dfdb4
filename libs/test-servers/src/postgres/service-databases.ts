import pg from 'pg';
import { withClient } from './start-postgres.js';

interface Login {
  readonly name: string;
  readonly password: string;
}

export interface ServiceDatabase {
  /** Also the name of the service's login. */
  readonly name: string;
  readonly password: string;
  /** Login owning and migrating the database and the tables. */
  readonly owner: Login;
}

/**
 * Time limits of a login's statements. No statement of a service takes half a minute. A transaction
 * abandoned by the process holds locks for at most a minute. A migration may rewrite a table, but
 * waits only briefly for the table's lock, because all other sessions queue behind the wait.
 */
export const LOGIN_LIMITS = {
  service: {
    statement_timeout: '30s',
    lock_timeout: '10s',
    idle_in_transaction_session_timeout: '60s',
  },
  owner: {
    statement_timeout: '15min',
    lock_timeout: '5s',
    idle_in_transaction_session_timeout: '60s',
  },
} as const;

/**
 * Creates a database and two logins per service: an owner, and the login of the running service. No
 * other login may connect. Safe to repeat.
 */
export async function ensureServiceDatabases(
  adminUrl: string,
  databases: readonly ServiceDatabase[],
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const database of databases) await ensureDatabase(client, database);
  });
}

async function ensureDatabase(
  client: pg.Client,
  { name, password, owner }: ServiceDatabase,
): Promise<void> {
  await ensureLogin(client, { name, password }, LOGIN_LIMITS.service);
  await ensureLogin(client, owner, LOGIN_LIMITS.owner);

  const [database, login] = [pg.escapeIdentifier(name), pg.escapeIdentifier(owner.name)];
  const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (!exists.rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${login}`);
  await client.query(`ALTER DATABASE ${database} OWNER TO ${login}`);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${database}`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${database}`);
}

async function ensureLogin(
  client: pg.Client,
  { name, password }: Login,
  limits: Readonly<Record<string, string>>,
): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  await client.query(
    `${known.rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
  );
  for (const [setting, value] of Object.entries(limits))
    await client.query(`ALTER ROLE ${role} SET ${setting} = ${pg.escapeLiteral(value)}`);
}
