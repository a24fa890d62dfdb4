import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.js';
import { startPostgres, withClient } from './postgres/start-postgres.js';
import { readNote, testFolder, writeNote } from './test-folder.js';

export interface TestPostgres {
  /** The superuser's address of a database of this server. */
  url(database: string): string;
  /** Makes a database nobody else uses, its name starting with `name`, and gives the superuser's address of it (`asOwner`, `asService`). With `copyOf`, the address of one that nobody is connected to, it begins as that one is now. */
  createDatabase(name: string, copyOf?: string): Promise<string>;
  /** Drops the databases made here. The server goes on for the next test file and ends with the Jest process. */
  stop(): Promise<void>;
}

export const TEST_OWNER = 'test_owner';
/** The login that code under test has in every test database: what `migrate` grants, and no more. */
export const TEST_LOGIN = 'test_service';

/** The same database with the login that owns it: for migrations. */
export function asOwner(url: string): string {
  return withLogin(url, TEST_OWNER);
}

/** The same database with the login that a service has there: for all code under test. */
export function asService(url: string): string {
  return withLogin(url, TEST_LOGIN);
}

/** All logins of a test server have its one password. */
function withLogin(url: string, login: string): string {
  const other = new URL(url);
  other.username = login;
  return other.href;
}

/** A real PostgreSQL, started by the first test file that asks and reused by the others of the same Jest process. */
export async function withTestPostgres(): Promise<TestPostgres> {
  const { port, password } = await sharedServer();
  const url = (database: string): string =>
    `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const made: string[] = [];

  return {
    url,
    createDatabase: async (name, copyOf) => {
      const database = `${name}_${randomBytes(4).toString('hex')}`;
      const template =
        copyOf === undefined
          ? ''
          : ` TEMPLATE ${pg.escapeIdentifier(new URL(copyOf).pathname.slice(1))}`;
      await withClient(url('postgres'), (client) =>
        client.query(
          `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${TEST_OWNER}${template}`,
        ),
      );
      made.push(database);
      return url(database);
    },
    stop: () =>
      withClient(url('postgres'), async (client) => {
        for (const database of made.splice(0))
          await client.query(
            `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`,
          );
      }),
  };
}

/** The owner and the service's login, on a server of a test's own. */
export async function createTestLogins(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const login of [TEST_OWNER, TEST_LOGIN])
      await client.query(`CREATE ROLE ${login} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  });
}

async function sharedServer(): Promise<{ port: number; password: string }> {
  const folder = testFolder();
  const running = readNote(folder, 'postgres');
  if (running?.password !== undefined) return { port: running.port, password: running.password };

  const dataDir = join(folder.path, 'postgres');
  rmSync(dataDir, { recursive: true, force: true });
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const server = await startPostgres({
    dataDir,
    port,
    password,
    logFile: join(folder.path, 'postgres.log'),
    guard: folder.guard,
    throwAway: true,
  });
  await createTestLogins(server.adminUrl('postgres'), password);
  writeNote(folder, 'postgres', { pid: server.process.pid() ?? 0, port, password });
  return { port, password };
}
