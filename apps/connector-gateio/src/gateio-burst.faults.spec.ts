import { benchFor, expectCalmBurst, type ContractOrder } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);

it('500 at once through two instances, at the limits of the venue: Gate.io never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) =>
    n % 2 === 0 ? chainOrder(`${100 + n}`) : pushOrder(`${100 + n}`),
  );
  await bench.simulator.settings({ rate_limits: { enabled: true }, status_ms: 200 });
  const database = await bench.database();
  const start = () => bench.connector({ ratePlan: {}, submitTimeoutMs: 5_000 }, database);
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(bench.simulator, { instances, orders, sendWithinMs: 14_000 });

  expect(paid).toBeGreaterThan(9);
});
