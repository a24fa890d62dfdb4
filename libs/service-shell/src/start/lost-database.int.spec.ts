import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import {
  ensureServiceDatabases,
  freePort,
  ServiceProcess,
  startGuard,
  startPostgres,
  withTestKafka,
  tempFolder,
  type PostgresServer,
  type TestKafka,
} from '@sluice/test-servers';
import { eventually, TcpProxy } from '@sluice/test-kit';
import { Client } from 'pg';
import { TerminatingProxy } from '../testkit/terminating-proxy.js';

const TINY_SERVICE = fileURLToPath(new URL('../../dist/testkit/tiny-service.js', import.meta.url));
const PATIENCE = { withinMs: 30_000 };

/** A service whose database goes away, in every way that we know, at any time. */
describe('a lost database', () => {
  let kafka: TestKafka;
  let postgres: PostgresServer;
  let databaseUrl: string;
  let tiny: ServiceProcess;
  beforeAll(async () => {
    const guard = startGuard();
    const folder = tempFolder(guard);
    const options = {
      dataDir: join(folder, 'data'),
      port: await freePort(),
      password: 'test',
      logFile: join(folder, 'log'),
      guard,
      throwAway: true,
    };
    [kafka, postgres] = await Promise.all([withTestKafka(), startPostgres(options)]);
    const owner = { name: 'tiny_owner', password: 'owns' };
    await ensureServiceDatabases(postgres.adminUrl('postgres'), [
      { name: 'tiny', password: 'test', owner },
    ]);
    await migrate({ url: urlOf(owner), login: 'tiny', schema: PLATFORM_SCHEMA });
    databaseUrl = urlOf({ name: 'tiny', password: 'test' });
  });
  afterAll(() => postgres.stop());
  afterEach(() => tiny.stop());

  const urlOf = ({ name, password }: { name: string; password: string }): string =>
    Object.assign(new URL(postgres.adminUrl('tiny')), { username: name, password }).href;
  const start = async (url: string) =>
    (tiny = await ServiceProcess.start(TINY_SERVICE, {
      KAFKA_BROKERS: kafka.brokers.join(),
      DATABASE_URL: url,
    }));
  const alive = () =>
    eventually(async () => expect((await tiny.get('/healthz')).status).toBe(200), PATIENCE);
  const ready = () =>
    eventually(async () => expect((await tiny.get('/readyz')).status).toBe(200), PATIENCE);
  /** It has not ended, and no error had to be caught by the process's last handler. */
  const lives = async () => {
    expect(await Promise.race([tiny.ended, Promise.resolve('lives')])).toBe('lives');
    expect(tiny.output()).not.toContain('uncaught fault of the network');
  };
  /** Asks the database for something, as a client of the service. */
  const ask = () => tiny.get('/internal/dead-letters', { internally: true, as: 'demo' });
  const storm = (requests: number) =>
    Promise.all(Array.from({ length: requests }, () => ask().then((answer) => answer.text())));

  it('ends no process when connections die in the moment in which they are made', async () => {
    const proxy = await TerminatingProxy.before(databaseUrl);
    await start(proxy.url);
    await ready();

    proxy.begin();
    for (let round = 0; round < 5; round++) await storm(10);
    proxy.end();

    await ready();
    expect((await ask()).status).toBe(200);
    await lives();
    await proxy.close();
  });

  it('goes on after a minute of backends ended one after the other, and after the postmaster was killed', async () => {
    await start(databaseUrl);
    await ready();
    const killer = new Client({ connectionString: databaseUrl });
    await killer.connect();

    for (let round = 0; round < 40; round++) {
      const asking = storm(5);
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tiny%'`,
      );
      await asking;
    }
    killer.on('error', () => undefined);
    const asking = storm(5);
    await postgres.process.kill('SIGKILL');
    await asking;
    await storm(5);
    await postgres.process.restart();

    await ready();
    expect((await ask()).status).toBe(200);
    await lives();
    await killer.end().catch(() => undefined);
  });

  const faults = async () =>
    Object.values(
      (
        (await (await tiny.get('/readyz', { internally: true })).json()) as {
          error: Record<string, { faults: string[] }>;
        }
      ).error,
    ).flatMap(({ faults }) => faults);
  const asAdmin = async (work: (client: Client) => Promise<void>) => {
    const client = new Client({ connectionString: postgres.adminUrl('tiny') });
    await client.connect();
    await work(client).finally(() => client.end());
  };

  it('is unready while a lock lets no work finish, and ready again afterwards', async () => {
    await start(databaseUrl);
    await ready();

    await asAdmin(async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE dead_letter IN ACCESS EXCLUSIVE MODE');
      const replaying = tiny.get('/internal/dead-letters/1/replay', {
        internally: true,
        as: 'demo',
        method: 'POST',
      });
      await eventually(
        async () =>
          expect(await faults()).toEqual([
            expect.stringMatching(/^a transaction has not finished for \d+ s: /),
          ]),
        PATIENCE,
      );
      await client.query('ROLLBACK');
      expect((await replaying).status).toBe(404);
    });

    await ready();
  });

  it('is unready while the database can write nothing, though it answers every question', async () => {
    await start(databaseUrl);
    await ready();

    await asAdmin(async (client) => {
      await client.query('ALTER DATABASE tiny SET default_transaction_read_only = on');
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tiny%'`,
      );
      const fault =
        'the database takes no writes: cannot execute UPDATE in a read-only transaction';
      await eventually(async () => expect(await faults()).toEqual([fault]), PATIENCE);
      await client.query('ALTER DATABASE tiny RESET default_transaction_read_only');
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tiny%'`,
      );
    });

    await ready();
  });

  it('starts while PostgreSQL is away: it lives, says what it waits for, answers 503, and serves once it is there', async () => {
    const proxy = await TcpProxy.to(Number(new URL(databaseUrl).port));
    proxy.refuse();
    await start(proxy.through(databaseUrl));
    await alive();

    const readiness = await tiny.get('/readyz', { internally: true });
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({
      status: 'error',
      error: {
        start: {
          faults: [
            expect.stringMatching(/^waiting for the database at 127\.0\.0\.1:\d+\/tiny: .+/),
          ],
        },
      },
    });
    expect(await (await tiny.get('/readyz')).json()).toEqual({ status: 'error' });
    const answer = await tiny.get('/v1/hello');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toEqual({
      success: false,
      message: 'Service temporarily unavailable',
    });
    proxy.admit();

    await ready();
    expect(await (await tiny.get('/v1/hello')).text()).toBe('hello');
    await proxy.close();
  });

  it('works on a disk that is too full for its log', async () => {
    tiny = await ServiceProcess.start(
      TINY_SERVICE,
      { KAFKA_BROKERS: kafka.brokers.join(), DATABASE_URL: databaseUrl },
      '/dev/full',
    );
    await ready();

    await storm(10);

    expect((await ask()).status).toBe(200);
    await lives();
    tiny.signal('SIGTERM');
    expect(await tiny.ended).toBe(0);
  });

  it('shuts down gracefully on SIGTERM while it waits', async () => {
    const proxy = await TcpProxy.to(Number(new URL(databaseUrl).port));
    proxy.refuse();
    await start(proxy.through(databaseUrl));
    await alive();

    tiny.signal('SIGTERM');

    expect(await tiny.ended).toBe(0);
    await proxy.close();
  });

  it.each([
    [
      'a wrong password',
      (url: URL) => (url.password = 'wrong'),
      /password authentication failed for user .+: correct the login or its password in DATABASE_URL, then start again/,
    ],
    [
      'a database that does not exist',
      (url: URL) => (url.pathname = '/nowhere'),
      /database \\"nowhere\\" does not exist.+: create it, or correct DATABASE_URL, then start again/,
    ],
  ])('ends with 1 and one sentence over %s', async (_what, spoil, sentence) => {
    const url = new URL(databaseUrl);
    spoil(url);
    await start(url.href);

    expect(await tiny.ended).toBe(1);
    expect(
      tiny
        .output()
        .trimEnd()
        .split('\n')
        .filter((line) => line.includes('"level":60')),
    ).toEqual([expect.stringMatching(sentence)]);
    expect(tiny.output()).not.toMatch(/^ +at |"stack"/m);
  });

  it('ends with 1 and one sentence over a database in another encoding', async () => {
    const admin = new Client({ connectionString: postgres.adminUrl('postgres') });
    await admin.connect();
    await admin.query(
      `CREATE DATABASE latin OWNER tiny_owner ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`,
    );
    await admin.end();

    await start(databaseUrl.replace(/tiny$/, 'latin'));

    expect(await tiny.ended).toBe(1);
    expect(tiny.output()).toMatch(
      /the database at 127\.0\.0\.1:\d+\/latin is not usable: the encoding of the database latin must be UTF8, it is LATIN1: create an empty database/,
    );
    expect(tiny.output()).not.toMatch(/^ +at |"stack"/m);
  });

  it('ends with 1 and one sentence over an address that is none, and over settings that are missing', async () => {
    await start('no-url');
    expect(await tiny.ended).toBe(1);
    expect(tiny.output()).toContain(
      'configuration: DATABASE_URL must be postgres://LOGIN:PASSWORD@HOST:PORT/DATABASE',
    );
    expect(tiny.output()).not.toMatch(/^ +at |"stack"/m);

    tiny = await ServiceProcess.start(TINY_SERVICE, {});
    expect(await tiny.ended).toBe(1);
    expect(tiny.output()).toBe(
      'configuration: KAFKA_BROKERS is missing; DATABASE_URL is missing\n',
    );
  });
});
