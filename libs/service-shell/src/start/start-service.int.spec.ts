import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import {
  type Asking,
  asOwner,
  asService,
  ServiceProcess,
  TEST_LOGIN,
  testDatabase,
  type TestKafka,
  withTestKafka,
} from '@sluice/test-servers';
import { eventually, TcpProxy } from '@sluice/test-kit';

const TINY_SERVICE = fileURLToPath(new URL('../../dist/testkit/tiny-service.js', import.meta.url));

describe('startService', () => {
  let kafka: TestKafka;
  let databaseUrl: string;
  let tiny: ServiceProcess;
  beforeAll(async () => {
    kafka = await withTestKafka();
    databaseUrl = await migrated(await testDatabase('tiny'));
  });
  afterEach(() => tiny.stop());

  const migrated = async (url: string): Promise<string> => {
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    return asService(url);
  };
  const start = async (
    brokers = kafka.brokers.join(),
    more: Readonly<Record<string, string>> = {},
  ) => {
    tiny = await ServiceProcess.start(TINY_SERVICE, {
      KAFKA_BROKERS: brokers,
      DATABASE_URL: databaseUrl,
      ...more,
    });
    await eventually(async () => expect((await tiny.get('/healthz')).status).toBe(200), {
      withinMs: 20_000,
    });
    return tiny;
  };
  const ready = () =>
    eventually(async () => expect((await tiny.get('/readyz')).status).toBe(200), {
      withinMs: 20_000,
    });

  it('is alive but not ready while Kafka is away, says why at the internal port alone, and is ready once it is there', async () => {
    const proxy = await TcpProxy.to(Number(kafka.brokers[0]?.split(':')[1]));
    proxy.refuse();
    await start(`127.0.0.1:${proxy.port}`, { TINY_NAME: 'ledger' });

    const inside = await tiny.get('/readyz', { internally: true });
    expect([inside.status, await inside.json()]).toEqual([
      503,
      expect.objectContaining({
        status: 'error',
        error: { kafka: { status: 'down', faults: ['outbox: no connection to Kafka'] } },
      }),
    ]);
    const outside = await tiny.get('/readyz');
    expect([outside.status, await outside.json()]).toEqual([503, { status: 'error' }]);
    proxy.admit();

    await ready();
    await proxy.close();
  });

  it('waits for a database that nobody has migrated, says what to run, and works once that is done', async () => {
    const fresh = await testDatabase('fresh');
    await start(kafka.brokers.join(), { DATABASE_URL: asService(fresh) });

    await eventually(async () => {
      const readiness = await tiny.get('/readyz', { internally: true });
      expect([readiness.status, await readiness.text()]).toEqual([
        503,
        expect.stringMatching(
          /it lacks PlatformTables1797000000000: run this release's dist\/migrate\.js/,
        ),
      ]);
    });
    expect((await tiny.get('/v1/hello')).status).toBe(503);

    await migrated(fresh);

    await ready();
  });

  it('opens /internal to a person with a token, at the internal port, and to no spelling of the path elsewhere', async () => {
    await start();
    const status = async (path: string, asking?: Asking) => (await tiny.get(path, asking)).status;

    for (const path of [
      '/internal/treasure',
      '/internal/dead-letters',
      '/%69nternal/treasure',
      '/%69nternal/dead-letters',
      '/internal/%64ead-letters',
    ]) {
      expect([path, await status(path, { as: 'demo' })]).toEqual([path, 404]);
      expect([path, await status(path, { internally: true })]).toEqual([path, 401]);
      expect([path, await status(path, { internally: true, token: 'the-toke' })]).toEqual([
        path,
        401,
      ]);
      expect([path, await status(path, { internally: true, as: 'demo' })]).toEqual([path, 200]);
    }
    expect(
      await statusLine(tiny.port, 'GET http://any.example/internal/treasure HTTP/1.1'),
    ).toContain(' 404 ');
    expect(
      await statusLine(tiny.internalPort, 'GET http://any.example/internal/treasure HTTP/1.1'),
    ).toContain(' 401 ');
    expect([
      await status('/v1/hello'),
      await status('/v1/hello', { internally: true, as: 'demo' }),
    ]).toEqual([200, 404]);
    expect([
      await status('/metrics'),
      await status('/%6Detrics'),
      await status('/metrics', { internally: true }),
    ]).toEqual([404, 404, 200]);
    expect([
      await status('/nowhere'),
      await status('/internal/nowhere', { internally: true }),
    ]).toEqual([404, 404]);
  });

  it('serves strangers at a port of their own where its main port is the admin API', async () => {
    await start(undefined, { TINY_IS_INNER: 'true' }); // what is INTERNAL_PORT elsewhere is the strangers' here
    const paths = ['/v1/hello', '/internal/treasure', '/metrics', '/healthz'];
    const statuses = (asking: Asking) =>
      Promise.all(
        paths.map(async (path) => (await tiny.get(path, { as: 'demo', ...asking })).status),
      );

    expect(await statuses({ internally: true })).toEqual([200, 404, 404, 200]);
    expect(await statuses({})).toEqual([404, 200, 200, 200]);
    const outside = await tiny.get('/readyz', { internally: true });
    expect(Object.keys((await outside.json()) as object)).toEqual(['status']);
  });

  it('shows its metrics to nobody without their token, once they have one', async () => {
    await start(undefined, { METRICS_TOKEN: 'for-the-scraper' });
    const status = async (token: string, path = '/metrics') =>
      (await tiny.get(path, { internally: true, token })).status;

    expect(await status('')).toBe(401);
    expect(await status('the-token')).toBe(401);
    expect(await status('for-the-scraper')).toBe(200);
    expect(await status('for-the-scraper', '/internal/treasure')).toBe(401);
  });

  it('reports under /metrics what waits in its tables', async () => {
    await start();

    const metrics = await (await tiny.get('/metrics', { internally: true })).text();

    for (const name of [
      'sluice_outbox_rows',
      'sluice_outbox_oldest_seconds',
      'sluice_dead_letters',
    ])
      expect(metrics).toMatch(new RegExp(`^${name} 0$`, 'm'));
  });

  it('is not ready with a clock that is two minutes ahead of its database, says so in a sentence, and reports it under /metrics', async () => {
    const ahead =
      'const RightDate = Date; Date = class extends RightDate { constructor(...a) { super(...(a.length ? a : [RightDate.now() + 121_000])); } }';
    await start(kafka.brokers.join(), {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(ahead)}`,
    });

    await eventually(async () => {
      const fault = `this process's clock is 121 s ahead of its database's: one of the two machines has a wrong time`;
      expect(await (await tiny.get('/readyz', { internally: true })).json()).toMatchObject({
        status: 'error',
        error: { clock: { faults: [fault] } },
      });
    });

    const metrics = await (await tiny.get('/metrics', { internally: true })).text();
    expect(
      Number(/^sluice_clock_ahead_seconds\{of="database"\} (.+)$/m.exec(metrics)?.[1]),
    ).toBeCloseTo(121, 0);
  });

  it('finishes the request under way on SIGTERM, takes no new one, and exits with 0', async () => {
    await start();
    await ready();
    const slow = tiny.get('/v1/slow');
    const slowInside = tiny.get('/internal/dead-letters', { internally: true, as: 'demo' });
    await new Promise((resolve) => setTimeout(resolve, 200));

    tiny.signal('SIGTERM');

    await eventually(() => expect(tiny.get('/v1/hello')).rejects.toThrow());
    expect(await (await slow).text()).toBe('done');
    expect((await slowInside).status).toBe(200);
    expect(await tiny.ended).toBe(0);
  });

  it('ends with 1 and says why when a rejection is caught by nobody', async () => {
    await start();

    await tiny.get('/v1/unhandled', { method: 'POST' });

    expect(await tiny.ended).toBe(1);
    const fatal = tiny
      .output()
      .split('\n')
      .find((line) => line.includes('"level":60'));
    expect(fatal).toContain('unhandled rejection of a test');
  });

  it('writes neither a token nor its database password into the log, whatever happens', async () => {
    await start();
    const token = tiny.issuer.tokenOf('demo');
    await tiny.get('/internal/dead-letters', { internally: true, token });
    await tiny.get('/v1/unhandled', { method: 'POST' });
    await tiny.ended;

    expect(tiny.output()).toContain('tiny started');
    for (const secret of [token, new URL(databaseUrl).password])
      expect(tiny.output()).not.toContain(secret);
  });
});

function statusLine(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `${request}\r\nHost: any.example\r\nAuthorization: Bearer no\r\nConnection: close\r\n\r\n`,
      ),
    );
    socket
      .once('data', (chunk) => resolve(chunk.toString().split('\r\n')[0] ?? ''))
      .once('error', reject);
  });
}
