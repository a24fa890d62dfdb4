import { benchFor, expectCalmBurst, type ContractOrder } from '@sluice/connector-testing';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, tronOrder, uidOrder } from './testing/orders.js';

const bench = benchFor(BYBIT_KIT);

const PAIRS: readonly ((amount: string) => ContractOrder)[] = [
  chainOrder,
  tronOrder,
  uidOrder,
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.ARB' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDT.BSC' }),
  (amount) => ({ ...chainOrder(amount), asset: 'USDC.ETH' }),
  // the last digit is no zero: the venue's book has none
  (amount) => ({ ...chainOrder(`0.${amount}1`), asset: 'ETH.ETH' }),
  (amount) => ({ ...uidOrder(`0.${amount}1`), asset: 'BTC.BTC' }),
  (amount) => ({ ...tronOrder(amount), asset: 'TRX.TRX' }),
];

it('500 at once through two instances, at the limits of the venue: Bybit never complains, and what waited too long is never sent', async () => {
  const orders: ContractOrder[] = Array.from({ length: 500 }, (_, n) =>
    (PAIRS[n % PAIRS.length] ?? chainOrder)(`${100 + n}`),
  );
  await bench.simulator.settings({ rate_limits: { enabled: true }, status_ms: 200 });
  const database = await bench.database();
  const start = () => bench.connector({ ratePlan: {}, submitTimeoutMs: 5_000 }, database);
  const instances = [await start(), await start()] as const;

  const paid = await expectCalmBurst(bench.simulator, { instances, orders, sendWithinMs: 12_000 });

  expect(paid).toBeGreaterThan(4);
});
