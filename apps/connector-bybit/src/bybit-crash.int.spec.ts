import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { eventually, type ContractOrder } from '@sluice/testing';
import { chainOrder, uidOrder } from './testing/orders.js';
import { startBybitSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';

const DOOMED = join(import.meta.dirname, '..', 'dist', 'testing', 'doomed-connector.js');

let simulator: RunningSimulator;
let postgres: TestPostgres;

beforeAll(async () => {
  if (!existsSync(DOOMED)) throw new Error('build first: nx run connector-bybit:build');
  postgres = await withTestPostgres();
  simulator = await startBybitSimulator();
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40 });
});
afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

/** Runs a connector that dies at the point; what it leaves is in the database and in the venue's book. */
async function killedAt(point: string, order: ContractOrder): Promise<string> {
  const database = await postgres.createDatabase('connector_bybit');
  const env = { ...process.env, FAULT_AT: point, DATABASE_URL: database, SIMULATOR_URL: simulator.control.url, ORDER: JSON.stringify(order) };
  const child = spawn(process.execPath, [DOOMED], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return database;
}

async function endsIn(state: string, database: string, order: ContractOrder): Promise<void> {
  const connector = await TestConnector.start(database, simulator.control);
  try {
    await eventually(async () => expect((await connector.submission(order.withdrawalId))?.state).toBe(state), { withinMs: 25_000 });
    expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
    expect(await connector.violations()).toEqual([]);
  } finally {
    await connector.stop();
  }
}

const FORMS = [
  ['chain', chainOrder],
  ['uid', uidOrder],
] as const;

describe.each(FORMS)('a process that was killed (%s)', (_form, orderOf) => {
  it.each([
    ['K10', 'when Bybit had every byte'],
    ['K11', 'when it had the answer'],
    ['K12', 'when the outcome was stored'],
  ])('%s, %s, has paid once in the end', async (point) => {
    const order = orderOf('30.01');

    await endsIn('settled', await killedAt(point, order), order);

    expect(await simulator.control.payments()).toHaveLength(1);
  });

  it('K9, after the intent was stored and before a byte left: nothing is paid, nothing sent again, and a person decides', async () => {
    const order = orderOf('30.02');

    await endsIn('undecided', await killedAt('K9', order), order);

    expect(await simulator.control.payments()).toEqual([]);
  });
});
