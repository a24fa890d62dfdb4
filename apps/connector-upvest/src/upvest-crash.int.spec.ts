import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ContractOrder } from '@sluice/testing';
import { becomes, Bench } from './testing/bench.js';
import { orderTo } from './testing/orders.js';

const DOOMED = join(import.meta.dirname, '..', 'dist', 'testing', 'doomed-connector.js');

let bench: Bench;

beforeAll(async () => {
  if (!existsSync(DOOMED)) throw new Error('build first: nx run connector-upvest:build');
  bench = await Bench.open();
});
beforeEach(() => bench.clear());
afterEach(() => bench.stopConnectors());
afterAll(() => bench.close());

/** Runs a connector that dies at the point; what it leaves is in the database and in the venue's book. */
async function killedAt(point: string, order: ContractOrder): Promise<string> {
  const database = await bench.database();
  const env = { ...process.env, FAULT_AT: point, DATABASE_URL: database, SIMULATOR_URL: bench.simulator.url, ORDER: JSON.stringify(order) };
  const child = spawn(process.execPath, [DOOMED], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return database;
}

const POINTS = [
  ['K9', 'after the intent was stored, before a byte left'],
  ['K10', 'when the venue had every byte'],
  ['K11', 'when it had the answer'],
  ['K12', 'when the outcome was stored'],
] as const;

async function expectPaidOnce(database: string, order: ContractOrder): Promise<void> {
  const connector = await bench.connector({}, database);

  await becomes(connector, order, 'settled');

  expect(await bench.payments(order)).toHaveLength(1);
  expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
}

describe('a process that was killed', () => {
  it.each(POINTS)('%s, %s, has paid once in the end', async (point) => {
    const order = orderTo(bench.user, '30.01');

    await expectPaidOnce(await killedAt(point, order), order);
  });

  it.each(POINTS)('at %s of a repeat, %s, has paid once in the end', async (point) => {
    const order = orderTo(bench.user, '30.02');
    await bench.simulator.arm('POST /payments/withdrawals', 'refuse_with_5xx');

    await expectPaidOnce(await killedAt(`${point}:2`, order), order);
  });

  it.each(POINTS)('at %s of a repeat of what was taken, %s, has paid once in the end', async (point) => {
    const order = orderTo(bench.user, '30.03');
    await bench.simulator.arm('POST /payments/withdrawals', 'accept_then_5xx');

    await expectPaidOnce(await killedAt(`${point}:2`, order), order);
  });
});
