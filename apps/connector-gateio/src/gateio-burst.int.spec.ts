import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { expectCalmBurst, type ContractOrder } from '@sluice/testing';
import { chainOrder, pushOrder } from './testing/orders.js';
import { startGateioSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;
const running: TestConnector[] = [];

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startGateioSimulator();
});
afterAll(async () => {
  await Promise.all(running.map((connector) => connector.stop()));
  await simulator.stop();
  await postgres.stop();
});

it('500 at once through two instances, at the limits of the sheet: Gate.io never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) => (n % 2 === 0 ? chainOrder(`${100 + n}`) : pushOrder(`${100 + n}`)));
  await simulator.control.settings({ status_ms: 200 });
  const database = await postgres.createDatabase('connector_gateio');
  const start = async (): Promise<TestConnector> => {
    const connector = await TestConnector.start(database, simulator.control, { ratePlan: {}, submitTimeoutMs: 5_000 });
    running.push(connector);
    return connector;
  };
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(simulator.control, { instances, orders, sendWithinMs: 14_000 });

  expect(paid).toBeGreaterThanOrEqual(20);
});
