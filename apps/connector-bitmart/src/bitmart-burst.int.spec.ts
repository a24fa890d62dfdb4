import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { expectCalmBurst, type ContractOrder } from '@sluice/testing';
import { accountOrder, chainOrder } from './testing/orders.js';
import { startBitmartSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;
const running: TestConnector[] = [];

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startBitmartSimulator();
});
afterAll(async () => {
  await Promise.all(running.map((connector) => connector.stop()));
  await simulator.stop();
  await postgres.stop();
});

it('500 at once through two instances, at the limits of the sheet: BitMart never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) => (n % 2 === 0 ? chainOrder(`${100 + n}`) : accountOrder('cid', `${100 + n}`)));
  await simulator.control.settings({ status_ms: 200 });
  const database = await postgres.createDatabase('connector_bitmart');
  const start = async (): Promise<TestConnector> => {
    const connector = await TestConnector.start(database, simulator.control, { ratePlan: {}, submitTimeoutMs: 5_000 });
    running.push(connector);
    return connector;
  };
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(simulator.control, { instances, orders, sendWithinMs: 12_000 });

  expect(paid).toBeGreaterThanOrEqual(10);
});
