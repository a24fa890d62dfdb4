import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.js';
import { startGuard } from '../process/process-guard.js';
import { tempFolder } from '../machine/files.js';
import { ensureServiceDatabases, LOGIN_LIMITS } from './service-databases.js';
import { startPostgres, withClient, type PostgresServer } from './start-postgres.js';

const guard = startGuard();

describe('startPostgres', () => {
  const folder = tempFolder(guard);
  const dataDir = join(folder, 'postgres');
  let server: PostgresServer;

  const start = async (port: number): Promise<PostgresServer> =>
    startPostgres({
      dataDir,
      port,
      password: 'of-the-superuser',
      logFile: join(folder, 'postgres.log'),
      guard,
      restart: true,
    });
  beforeAll(async () => void (server = await start(await freePort())));
  afterAll(() => server.stop());

  const owner = (name: string) => ({ name: `${name}_owner`, password: `${name} owns` });
  const url = (login: string, password: string, database: string): string =>
    `postgres://${login}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`;
  const run = (address: string, sql: string) =>
    withClient(address, async (client) => (await client.query<object>(sql)).rows);

  it('gives each service a database and two logins of its own that no other login may enter', async () => {
    await ensureServiceDatabases(server.adminUrl('postgres'), [
      { name: 'intake', password: 'a', owner: owner('intake') },
      { name: 'ledger', password: 'b', owner: owner('ledger') },
    ]);
    const asOwner = url('ledger_owner', 'ledger owns', 'ledger');
    await run(asOwner, 'CREATE TABLE mine (id int)');

    for (const [login, password] of [
      ['intake', 'a'],
      ['intake_owner', 'intake owns'],
    ] as const)
      await expect(run(url(login, password, 'ledger'), 'SELECT 1')).rejects.toThrow(
        /permission denied for database/,
      );
    await expect(run(url('intake', 'wrong', 'intake'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it.each(['CREATE TABLE mine (id int)', 'CREATE SCHEMA mine', 'CREATE TEMP TABLE mine (id int)'])(
    'lets the login of a service make nothing: %s',
    async (sql) => {
      await ensureServiceDatabases(server.adminUrl('postgres'), [
        { name: 'maker', password: 'm', owner: owner('maker') },
      ]);
      await expect(run(url('maker', 'm', 'maker'), sql)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('gives every login limits of its own', async () => {
    await ensureServiceDatabases(server.adminUrl('postgres'), [
      { name: 'limited', password: 'l', owner: owner('limited') },
    ]);
    const limits = `SELECT current_setting('statement_timeout') AS statement_timeout, current_setting('lock_timeout') AS lock_timeout,
      current_setting('idle_in_transaction_session_timeout') AS idle_in_transaction_session_timeout`;

    expect(await run(url('limited', 'l', 'limited'), limits)).toEqual([
      { ...LOGIN_LIMITS.service, idle_in_transaction_session_timeout: '1min' },
    ]);
    expect(await run(url('limited_owner', 'limited owns', 'limited'), limits)).toEqual([
      { ...LOGIN_LIMITS.owner, idle_in_transaction_session_timeout: '1min' },
    ]);
  });

  it('comes back by itself on the same port and data after kill -9, with everything that was committed', async () => {
    const url = server.adminUrl('postgres');
    await withClient(url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS answer'));

    await server.process.kill('SIGKILL');
    await server.process.untilReady();

    const { rows } = await withClient(url, (client) => client.query('SELECT answer FROM kept'));
    expect(rows).toEqual([{ answer: 42 }]);
  });

  it('starts although a stale postmaster.pid names a process that is another program by now', async () => {
    await server.stop();
    writeFileSync(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n`);

    server = await start(server.port);

    const { rows } = await withClient(server.adminUrl('postgres'), (client) =>
      client.query('SELECT answer FROM kept'),
    );
    expect(rows).toEqual([{ answer: 42 }]);
  });
});
