import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import {
  createTestLogins,
  freePort,
  startGuard,
  startPostgres,
  TEST_OWNER,
  type PostgresServer,
} from '@sluice/test-servers';
import { Client } from 'pg';
import { ADDRESS } from './testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from './testkit/given-api.js';
import { givenAccount } from './testkit/given-intake.js';
import { anEvent } from './testkit/inbound-events.js';

describe('a restart of PostgreSQL', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  let start: () => Promise<PostgresServer>;
  let postgres: PostgresServer;
  let here: TestApi;
  let there: TestApi;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    process.on('unhandledRejection', note); // the service ends itself on one
    const guard = startGuard();
    const dataDir = mkdtempSync(join(tmpdir(), 'sluice-intake-'));
    chmodSync(dataDir, 0o711);
    guard.removeAtEnd(dataDir);
    const options = {
      dataDir: join(dataDir, 'data'),
      port: await freePort(),
      password: 'test',
      logFile: join(dataDir, 'log'),
      guard,
      throwAway: true,
    };
    start = () => startPostgres(options);
    postgres = await start();
    await createTestLogins(postgres.adminUrl('postgres'), options.password);
    await createDatabase(postgres.adminUrl('postgres'));
    [here, there] = [
      await givenApi(postgres.adminUrl('intake'), testValues({ holdTimeoutMs: 30000 })),
      await givenApi(postgres.adminUrl('intake')),
    ];
    key = await here.createKey(await givenAccount(here.database), [
      'withdraw',
      'read_withdrawal_status',
    ]);
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await postgres.stop();
    process.off('unhandledRejection', note);
  });

  const post = (clientReference: string): Promise<ApiAnswer> =>
    here.post(
      '/v1/withdrawals',
      {
        currency: 'USDT',
        network: 'ETH',
        to_address: ADDRESS,
        amount: '50',
        client_reference: clientReference,
      },
      { key },
    );
  const recorded = (clientReference: string) => here.recorded(clientReference);
  const listening = async () =>
    (
      await here.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'intake-test listen'`,
      )
    )[0]?.n;

  it('ends no process: those who wait are answered afterwards, those who come meanwhile get a clear 503', async () => {
    const waiting = post('before');
    const id = await recorded('before');
    const connections = await listening();

    await postgres.stop();
    const meanwhile = await Promise.all([post('meanwhile 1'), post('meanwhile 2')]);
    await sleep(2_000);
    postgres = await start();

    expect(meanwhile).toMatchObject(
      Array.from({ length: 2 }, () => ({
        status: 503,
        headers: { 'retry-after': '5' },
        body: { success: false, message: 'Service temporarily unavailable' },
      })),
    );
    await there.saga.take([anEvent(id, 'hold_placed')]);
    expect(await waiting).toMatchObject({
      status: 200,
      body: { data: { stage: 'awaiting_venue' } },
    });
    const after = post('after');
    await there.saga.take([anEvent(await recorded('after'), 'hold_placed')]);
    expect((await after).status).toBe(200);
    expect(unhandled).toEqual([]);
    await eventually(async () => expect(await listening()).toBe(connections)); // it tries each half second
  });
});

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`CREATE DATABASE intake OWNER ${TEST_OWNER}`);
  await client.end();
}
