import { benchFor, expectCalmBurst } from '@sluice/connector-testing';
import { UPVEST_KIT } from './testing/upvest-kit.js';
import { firstUserOf, orderTo } from './testing/orders.js';

const bench = benchFor(UPVEST_KIT);

it('500 at once through two instances, at the limits of the venue: Upvest never complains, and all are paid', async () => {
  const user = await firstUserOf(bench.simulator);
  const orders = Array.from({ length: 500 }, (_, n) => orderTo(user, `${100 + n}.01`));
  await bench.simulator.settings({ rate_limits: { enabled: true }, status_ms: 200 });
  const database = await bench.database();
  const start = () => bench.connector({ ratePlan: {}, submitTimeoutMs: 5_000 }, database);
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(bench.simulator, { instances, orders, sendWithinMs: 60_000 });

  expect(paid).toBe(500);
});
