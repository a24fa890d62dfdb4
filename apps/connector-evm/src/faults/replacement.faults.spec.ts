import { mineFull, startAnvil, startHardhat } from '@sluice/test-servers/evm';
import { keccak256, parseTransaction } from 'viem';
import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

describe('a payment that full blocks leave waiting', () => {
  it.each([
    ['hardhat, which wants 10 % more in both fees', () => startHardhat({ chainId: 31339 })],
    ['anvil', () => startAnvil({ chainId: 31337, automine: false })],
  ] as const)(
    'is replaced as %s takes it, and paid once',
    async (_node, start) => {
      rig = await WalletRig.start({ chain: await start(), stuckAfterBlocks: 1 });
      const order = rig.order('USDT.ETH', '25');
      await rig.submit(order);
      await rig.hasBeenSent();

      await rig.squeezeUntil(() => new Set(rig.sent()).size >= 2);
      await rig.looks();

      await rig.reaches(order, 'settled');
      const [first = '0x', ...later] = [...new Set(rig.sent())];
      const [mined] = await rig.chain.minedBy(rig.sender);
      expect(later.map((raw) => keccak256(raw))).toContain(mined?.hash);
      const [before, after] = [first, later.at(-1) ?? '0x'].map((raw) => parseTransaction(raw));
      for (const field of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const)
        expect((after?.[field] ?? 0n) * 1_000n).toBeGreaterThanOrEqual(
          (before?.[field] ?? 0n) * 1_125n,
        );
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'of which an older one is mined after all is paid by that one',
    async () => {
      rig = await WalletRig.start({ stuckAfterBlocks: 1, confirmations: 4 });
      const order = rig.order('ETH.ETH', '0.05');
      await rig.submit(order);
      await rig.hasBeenSent();
      const { baseFeePerGas } = await rig.chain.client.getBlock();
      await rig.squeezeUntil(() => new Set(rig.sent()).size >= 2);
      await rig.looks();
      const [older = '0x'] = rig.sent();
      await rig.chain.dropAll();
      await rig.chain.mine();

      await rig.chain.nextBaseFee(baseFeePerGas ?? 1n); // full blocks have raised the base fee above the older bytes
      await rig.chain.reorg(1, [{ raw: older, block: 0 }]);

      await rig.reaches(order, 'settled');
      expect(await rig.chain.minedBy(rig.sender)).toMatchObject([{ hash: keccak256(older) }]);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'with others behind it: the first is raised, and all are paid in their order',
    async () => {
      rig = await WalletRig.start({ stuckAfterBlocks: 2 });
      const orders = [1, 2, 3].map((n) => rig.order('ETH.ETH', `0.0${n}`));
      await rig.submit(...orders);
      await rig.hasBeenSent(3);
      await mineFull(rig.chain, 4);
      await rig.looks();

      await rig.end(orders);

      for (const order of orders) expect((await rig.submission(order))?.state).toBe('settled');
      await rig.expectOnceOrNever(orders);
      expect(await rig.chain.nonce(rig.sender)).toBe(3n);
    },
    SLOW,
  );
});
