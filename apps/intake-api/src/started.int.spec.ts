import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  asOwner,
  asService,
  newServiceKey,
  ServiceProcess,
  TEST_LOGIN,
  testDatabase,
} from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { KEK } from './testkit/a-withdrawal.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const MIGRATE = fileURLToPath(new URL('../dist/migrate.js', import.meta.url));

function job(env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MIGRATE], {
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

describe('the service as a process of its own', () => {
  let service: ServiceProcess;
  let owner: { DATABASE_OWNER_URL: string; DATABASE_LOGIN: string };
  let first: ReturnType<typeof job>;
  beforeAll(async () => {
    const url = await testDatabase('intake');
    owner = { DATABASE_OWNER_URL: asOwner(url), DATABASE_LOGIN: TEST_LOGIN };
    first = job(owner);
    service = await ServiceProcess.start(MAIN, {
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: asService(url),
      LEDGER_URL: 'http://127.0.0.1:1',
      SECRETS_KEK: KEK.reveal(),
      EVENTS_SIGNING_KEY: Buffer.alloc(32, 'events').toString('base64'),
      SERVICE_KEY: newServiceKey().privateKey,
    });
  });
  afterAll(() => service.stop());

  it('is migrated by a job of its own, which may be repeated and says what it did', () => {
    expect(first).toEqual({
      status: 0,
      said: expect.stringMatching(
        /^applied PlatformTables1797000000000, .*; test_service has its rights\n$/,
      ) as string,
    });
    expect(job(owner)).toEqual({
      status: 0,
      said: 'nothing to migrate; test_service has its rights\n',
    });
  });

  it('is not migrated without the owner, and the job ends with 1 and a sentence', () => {
    expect(job({})).toEqual({
      status: 1,
      said: 'not migrated: configuration: DATABASE_OWNER_URL is missing; DATABASE_LOGIN is missing\n',
    });
    const wrong = new URL(owner.DATABASE_OWNER_URL);
    wrong.password = 'wrong';
    expect(job({ ...owner, DATABASE_OWNER_URL: wrong.href })).toEqual({
      status: 1,
      said: 'not migrated: password authentication failed for user "test_owner"\n',
    });
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
