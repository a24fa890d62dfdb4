import { benchFor, expectCalmBurst, type ContractOrder } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder } from './testing/orders.js';

const bench = benchFor(BITMART_KIT);

it('500 at once through two instances, at the limits of the venue: BitMart never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) =>
    n % 2 === 0 ? chainOrder(`${100 + n}`) : accountOrder('cid', `${100 + n}`),
  );
  await bench.simulator.settings({ rate_limits: { enabled: true }, status_ms: 200 });
  const database = await bench.database();
  const start = () => bench.connector({ ratePlan: {}, submitTimeoutMs: 5_000 }, database);
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(bench.simulator, { instances, orders, sendWithinMs: 12_000 });

  expect(paid).toBeGreaterThan(4);
});
