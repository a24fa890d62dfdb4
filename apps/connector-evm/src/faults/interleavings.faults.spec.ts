import { mineFull } from '@sluice/test-servers/evm';
import fc from 'fast-check';
import { WalletRig, type WalletOrder } from '../testing/wallet-rig.js';

const CONFIRMATIONS = 5;

/** What may happen at any time, in any order. Depths stay below what is final: deeper ones are nobody's promise. */
const ACT = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('pay' as const), native: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('mine' as const),
      blocks: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('crash' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('crash at' as const),
      point: fc.constantFrom('K9', 'K10', 'K15', 'K16', 'K17', 'K18'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('crash signer' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('drop' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('drop all' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('reorganise' as const),
      depth: fc.integer({ min: 1, max: CONFIRMATIONS - 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('fill blocks' as const),
      blocks: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('cancel' as const), which: fc.nat(20) }) },
);
type Act = typeof ACT extends fc.Arbitrary<infer T> ? T : never;

describe('whatever happens, in whatever order', () => {
  it('each withdrawal is paid at most once, and exactly once where it is settled: the chain says so', async () => {
    const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 0) || 4;
    await fc.assert(fc.asyncProperty(fc.array(ACT, { minLength: 12, maxLength: 22 }), play), {
      numRuns: runs,
      endOnFailure: true,
    });
    expect(paid).toBeGreaterThan(0);
  }, 900_000);
});

let paid = 0;

async function play(acts: readonly Act[]): Promise<void> {
  const rig = await WalletRig.start({
    confirmations: CONFIRMATIONS,
    stuckAfterBlocks: 2,
    senders: 2,
  });
  try {
    const orders: WalletOrder[] = [];
    for (const act of acts) await perform(rig, orders, act);
    await rig.kill(); // what still waits to kill itself
    await rig.end(orders);
    await rig.expectOnceOrNever(orders);
    await rig.expectNothingElseSpent(orders);
    for (const order of orders) if ((await rig.received(order)) > 0n) paid++;
  } finally {
    await rig.stop();
  }
}

async function perform(rig: WalletRig, orders: WalletOrder[], act: Act): Promise<void> {
  switch (act.act) {
    case 'pay': {
      const amount = `0.0${orders.length + 1}`;
      const order = rig.order(act.native ? 'ETH.ETH' : 'USDT.ETH', amount);
      orders.push(order);
      return rig.survives((connector) => connector.submit([order]));
    }
    case 'mine':
      return rig.chain.mine(act.blocks);
    case 'crash':
      return rig.kill();
    case 'crash at':
      return void (await rig.connectorThatDiesAt(act.point));
    case 'crash signer':
      await rig.signer.kill();
      return rig.signer.restart();
    case 'drop': {
      const pool = await rig.chain.pool();
      const hash = pool[act.which % Math.max(pool.length, 1)];
      return void (hash && (await rig.chain.drop(hash)));
    }
    case 'drop all':
      return void (await rig.chain.dropAll());
    case 'reorganise': {
      const depth = Math.min(act.depth, Number((await rig.chain.head()) - rig.startedAt));
      return void (depth > 0 && (await rig.chain.reorg(depth)));
    }
    case 'fill blocks':
      return mineFull(rig.chain, act.blocks);
    case 'cancel': {
      const order = orders[act.which % Math.max(orders.length, 1)];
      return order && rig.survives((connector) => connector.cancel(order.withdrawalId));
    }
  }
}
