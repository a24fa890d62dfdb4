import { fileURLToPath } from 'node:url';
import {
  newServiceKey,
  ServiceProcess,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { KEK } from './testkit/a-withdrawal.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the service as a process of its own', () => {
  let postgres: TestPostgres;
  let service: ServiceProcess;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    service = await ServiceProcess.start(MAIN, {
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: await postgres.createDatabase('intake'),
      LEDGER_URL: 'http://127.0.0.1:1',
      SECRETS_KEK: KEK.reveal(),
      SERVICE_KEY: newServiceKey().privateKey,
    });
  });
  afterAll(async () => {
    await service.stop();
    await postgres.stop();
  });

  it('serves the public API at one port and the admin API, with its description, at the other', async () => {
    const status = async (path: string, internally: boolean) =>
      (await service.get(path, { internally, as: 'demo' })).status;
    await eventually(async () => expect(await status('/healthz', false)).toBe(200), {
      withinMs: 20_000,
    });

    expect([await status('/v1/_ping', false), await status('/v1/_ping', true)]).toEqual([401, 404]);
    expect([
      await status('/internal/accounts', false),
      await status('/internal/accounts', true),
    ]).toEqual([404, 200]);
    const described = await service.get('/internal/openapi.json', {
      internally: true,
      as: 'demo',
    });
    expect(Object.keys(((await described.json()) as { paths: object }).paths)).toEqual(
      expect.arrayContaining(['/internal/routes', '/internal/kafka/skipped']),
    );
  });
});
