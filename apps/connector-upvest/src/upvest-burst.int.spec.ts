import { expectCalmBurst } from '@sluice/testing';
import { Bench } from './testing/bench.js';
import { orderTo } from './testing/orders.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(async () => {
  await bench.stopConnectors();
  await bench.close();
});

it('500 at once through two instances, at the limits of the sheet: Upvest never complains, and all are paid', async () => {
  await bench.simulator.settings({ status_ms: 200 });
  const orders = Array.from({ length: 500 }, (_, n) => orderTo(bench.user, `${100 + n}.01`));
  const database = await bench.database();
  const start = () => bench.connector({ ratePlan: {}, submitTimeoutMs: 5_000 }, database);
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(bench.simulator, { instances, orders, sendWithinMs: 30_000 });

  expect(paid).toBeGreaterThanOrEqual(500);
});
