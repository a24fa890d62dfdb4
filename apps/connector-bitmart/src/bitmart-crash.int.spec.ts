import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import type { ContractOrder } from '@sluice/testing';
import { accountOrder, chainOrder } from './testing/orders.js';
import { startBitmartSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';
import { paymentsOf, reaches } from './testing/watch.js';

const DOOMED = join(import.meta.dirname, '..', 'dist', 'testing', 'doomed-connector.js');

let simulator: RunningSimulator;
let postgres: TestPostgres;

beforeAll(async () => {
  if (!existsSync(DOOMED)) throw new Error('build first: nx run connector-bitmart:build');
  postgres = await withTestPostgres();
  simulator = await startBitmartSimulator();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40 });
});
afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

/** Runs a connector that dies at the point; what it leaves is in the database and in the venue's book. */
async function killedAt(point: string, order: ContractOrder): Promise<string> {
  const database = await postgres.createDatabase('connector_bitmart');
  const env = { ...process.env, FAULT_AT: point, DATABASE_URL: database, SIMULATOR_URL: simulator.control.url, ORDER: JSON.stringify(order) };
  const child = spawn(process.execPath, [DOOMED], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return database;
}

describe('a process that was killed', () => {
  it.each([
    ['K9', 'after the intent was stored, before a byte left', chainOrder('201'), 0, 'undecided'],
    ['K10', 'when the venue had every byte', chainOrder('202'), 1, 'settled'],
    ['K11', 'when it had the answer', accountOrder('cid', '203'), 1, 'settled'],
    ['K12', 'when the outcome was stored', chainOrder('204'), 1, 'settled'],
  ] as const)('%s, %s', async (point, _when, order, payments, state) => {
    const connector = await TestConnector.start(await killedAt(point, order), simulator.control);

    await reaches(connector, order, state);

    expect(await paymentsOf(simulator.control, order)).toHaveLength(payments);
    expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
    expect(await connector.violations()).toEqual([]);
    await connector.stop();
  });
});
