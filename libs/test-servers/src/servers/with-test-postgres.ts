import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.js';
import { startPostgres, withClient } from '../postgres/start-postgres.js';
import { readNote, testFolder, writeNote, type TestFolder } from './test-folder.js';

export interface TestPostgres {
  /** The superuser's address of a database of this server. */
  url(database: string): string;
  /**
   * Creates a database for the caller only, with a name starting with `name`. Returns the
   * superuser's URL; see `asOwner` and `asService`. `copyOf` is the URL of a database to copy; no
   * client may be connected to the copied database.
   */
  createDatabase(name: string, copyOf?: string): Promise<string>;
  /**
   * Drops the databases created here. The server keeps running for the next test file and ends with
   * the Jest process.
   */
  stop(): Promise<void>;
}

/** Creates a database for the caller only, as `createDatabase`. The next test file drops the database. */
export async function testDatabase(name: string): Promise<string> {
  return (await withTestPostgres()).createDatabase(name);
}

export const TEST_OWNER = 'test_owner';
/** Login of code under test in every test database, with only the rights granted by `migrate`. */
export const TEST_LOGIN = 'test_service';

/** Returns the URL of the same database with the owner's login, for migrations. */
export function asOwner(url: string): string {
  return withLogin(url, TEST_OWNER);
}

/** Returns the URL of the same database with the service's login, for all code under test. */
export function asService(url: string): string {
  return withLogin(url, TEST_LOGIN);
}

/** Replaces the login in a URL. All logins of a test server share the same password. */
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
  await (leftDropped ??= dropLeft(url('postgres')));

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

/** Set once the databases of earlier test files of this process are dropped. */
let leftDropped: Promise<void> | undefined;

async function dropLeft(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname ~ '_[0-9a-f]{8}$'`,
    );
    for (const { datname } of rows)
      await client.query(`DROP DATABASE ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  });
}

/** The owner and the service's login, on a server of a test's own. */
export async function createTestLogins(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const login of [TEST_OWNER, TEST_LOGIN])
      await client.query(`CREATE ROLE ${login} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  });
}

/**
 * Sets if the shared server waits for the disk. Default: off, because tests create and drop many
 * databases. A killed process loses no data without fsync; only a power failure does.
 */
export async function setFsync(adminUrl: string, fsync: 'on' | 'off'): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`ALTER SYSTEM SET fsync = ${fsync}`);
    await client.query('SELECT pg_reload_conf()');
  });
}

const MEMORY = '/dev/shm';
const LEAST_FREE_BYTES = 4 * 2 ** 30;

/**
 * Returns a folder in memory if the system has enough free memory, because tests create and delete
 * some 300 files for each database.
 */
function dataFolder({ path, guard }: TestFolder): string {
  if (!existsSync(MEMORY)) return path;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < LEAST_FREE_BYTES) return path;
  const folder = join(MEMORY, `sluice-test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711); // PostgreSQL may run as another user
  guard.removeAtEnd(folder);
  return folder;
}

async function sharedServer(): Promise<{ port: number; password: string }> {
  const folder = testFolder();
  const running = readNote(folder, 'postgres');
  if (running?.password !== undefined) return { port: running.port, password: running.password };

  const dataDir = join(dataFolder(folder), 'postgres');
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
    settings: { max_wal_size: '512MB' }, // the data may be in memory
  });
  await createTestLogins(server.adminUrl('postgres'), password);
  await setFsync(server.adminUrl('postgres'), 'off');
  writeNote(folder, 'postgres', { pid: server.process.pid() ?? 0, port, password });
  return { port, password };
}
