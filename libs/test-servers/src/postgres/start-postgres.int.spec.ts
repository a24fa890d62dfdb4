import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import { startGuard } from '../process/process-guard.js';
import { tempFolder } from '../temp-folder.js';
import { ensureServiceDatabases } from './service-databases.js';
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

  it('gives each service a database and a role of its own that no other role may enter', async () => {
    await ensureServiceDatabases(server.adminUrl('postgres'), [
      { name: 'intake', password: 'a' },
      { name: 'ledger', password: 'b' },
    ]);
    const url = (role: string, password: string, database: string): string =>
      `postgres://${role}:${password}@127.0.0.1:${server.port}/${database}`;

    await withClient(url('ledger', 'b', 'ledger'), (client) =>
      client.query('CREATE TABLE mine (id int)'),
    );

    await expect(
      withClient(url('intake', 'a', 'ledger'), (client) => client.query('SELECT 1')),
    ).rejects.toThrow(/permission denied for database/);
    await expect(
      withClient(url('intake', 'wrong', 'intake'), (client) => client.query('SELECT 1')),
    ).rejects.toThrow(/password authentication failed/);
  });

  it('gives a database to an owner beside the service, with what the service had made itself', async () => {
    const admin = server.adminUrl('postgres');
    await ensureServiceDatabases(admin, [{ name: 'books', password: 'b' }]);
    const asService = `postgres://books:b@127.0.0.1:${server.port}/books`;
    await withClient(asService, (client) => client.query('CREATE TABLE mine (id int)'));

    for (let time = 0; time < 2; time += 1)
      await ensureServiceDatabases(admin, [
        { name: 'books', password: 'b', owner: { name: 'books_owner', password: 'o' } },
      ]);

    await expect(
      withClient(asService, (client) => client.query('DROP TABLE mine')),
    ).rejects.toThrow(/must be owner of table mine/);
    await expect(
      withClient(asService, (client) => client.query('CREATE TABLE another (id int)')),
    ).rejects.toThrow(/permission denied for schema/);
    await withClient(`postgres://books_owner:o@127.0.0.1:${server.port}/books`, (client) =>
      client.query('DROP TABLE mine'),
    );
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
