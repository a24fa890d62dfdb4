import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

describe('two nodes that disagree', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start({ nodes: 2 })), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it.each([
    ['first', 0],
    ['second', 1],
  ] as const)(
    'the %s is on a branch of its own, deeper than final: nothing is told until they agree',
    async (_which, place) => {
      const order = rig.order('ETH.ETH', '0.01');
      const forkedAt = await rig.chain.head();
      await rig.submit(order);
      await rig.hasBeenSent();
      rig.nodes[place]?.forkAfter(forkedAt);

      for (let block = 0; block < 8; block++) await rig.chain.mine();
      await rig.looks();
      expect(['settled', 'failed']).not.toContain((await rig.submission(order))?.state);

      for (const node of rig.nodes) node.honest();
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it.each([
    ['hangs', { kind: 'hang' }],
    ['is cut', { kind: 'cut' }],
    ['answers HTML', { kind: 'html' }],
    ['answers 503', { kind: 'status', status: 503 }],
  ] as const)(
    'the first always %s: the second pays, and nothing ends before the first is back',
    async (_what, lie) => {
      rig.node.lie(lie);
      const order = rig.order('USDT.ETH', '27');

      await rig.submit(order);
      await rig.mineUntil(async () => expect(await rig.received(order)).toBe(order.units));
      await rig.chain.mine(8);
      await rig.looks();
      expect(['settled', 'failed']).not.toContain((await rig.submission(order))?.state);

      rig.node.honest();
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'the first is always behind: the second is believed',
    async () => {
      rig.node.lagBy(40);
      const order = rig.order('ETH.ETH', '0.04');

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});
