import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { expectCalmBurst, type ContractOrder } from '@sluice/testing';
import { chainOrder, tronOrder, uidOrder } from './testing/orders.js';
import { startBybitSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;
const running: TestConnector[] = [];

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startBybitSimulator();
});
afterAll(async () => {
  await Promise.all(running.map((connector) => connector.stop()));
  await simulator.stop();
  await postgres.stop();
});

const PAIRS: readonly ((amount: string) => ContractOrder)[] = [
  chainOrder,
  tronOrder,
  uidOrder,
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.ARB' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.BSC' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDC.ETH' }),
  (amount) => ({ ...chainOrder(amount), asset: 'ETH.ETH' }),
  (amount) => ({ ...uidOrder(amount), asset: 'BTC.BTC' }),
  (amount) => ({ ...tronOrder(amount), asset: 'TRX.TRX' }),
];

it('500 at once through two instances, at the limits of the sheet: Bybit never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) => (PAIRS[n % PAIRS.length] ?? chainOrder)(`${100 + n}`));
  await simulator.control.settings({ status_ms: 200 });
  const database = await postgres.createDatabase('connector_bybit');
  const start = async (): Promise<TestConnector> => {
    const connector = await TestConnector.start(database, simulator.control, { ratePlan: {}, submitTimeoutMs: 5_000 });
    running.push(connector);
    return connector;
  };
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(simulator.control, { instances, orders, sendWithinMs: 12_000 });

  expect(paid).toBeGreaterThanOrEqual(9);
});
