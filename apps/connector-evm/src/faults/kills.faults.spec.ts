import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

describe('a connector that is killed', () => {
  let rig: WalletRig;
  beforeAll(
    async () => void (rig = await WalletRig.start({ stuckAfterBlocks: 4, confirmations: 3 })),
    SLOW,
  );
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it.each([
    ['K15', 'signed and not yet sent', 0],
    ['K16', 'sent and not yet noted', 1],
    ['K9', 'after the intent was stored', 0],
    ['K10', 'when a node has answered', 1],
    ['K11', 'when it had the outcome', 1],
    ['K12', 'when the outcome was stored', 1],
  ] as const)(
    '%s, %s: the next one pays once, under the same nonce',
    async (point, _when, inPool) => {
      const order = rig.order('USDT.ETH', '25');
      const connector = await rig.connectorThatDiesAt(point);

      await connector.submit([order]).catch(() => undefined);

      expect(await connector.ended).toBe('SIGKILL');
      expect(await rig.chain.pool()).toHaveLength(inPool);
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
      expect(await rig.noncesUsed()).toBe(1n);
    },
    SLOW,
  );

  it(
    'K17, replaced and not yet noted: whichever of the two is mined, it is paid once',
    async () => {
      const order = rig.order('ETH.ETH', '0.05');
      const connector = await rig.connectorThatDiesAt('K17');
      await connector.submit([order]);
      await rig.isInPool();
      await rig.squeezeUntil(() => !connector.lives);

      expect(await connector.ended).toBe('SIGKILL');
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
      expect(await rig.noncesUsed()).toBe(1n);
    },
    SLOW,
  );

  it(
    'K18, between the receipt and its record: it is told once, by what the chain says then',
    async () => {
      const order = rig.order('USDT.ETH', '26');
      const connector = await rig.connectorThatDiesAt('K18');
      await connector.submit([order]);
      await rig.isInPool();
      await rig.mineWhile(() => connector.lives);

      expect(await connector.ended).toBe('SIGKILL');
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'K18, and a reorganisation takes the receipt away before the next one looks: paid once',
    async () => {
      const order = rig.order('ETH.ETH', '0.06');
      const connector = await rig.connectorThatDiesAt('K18');
      await connector.submit([order]);
      await rig.isInPool();
      const before = await rig.chain.head();
      await rig.mineWhile(() => connector.lives);
      await connector.ended;

      await rig.chain.reorg(Number((await rig.chain.head()) - before));

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'at any moment of a burst, again and again: each is paid once',
    async () => {
      const orders = Array.from({ length: 12 }, (_, n) => rig.order('ETH.ETH', `0.00${n + 1}`));
      await rig.submit(...orders);
      for (let kill = 0; kill < 4; kill++) {
        await rig.chain.mine();
        await rig.kill();
        await rig.connector();
      }

      await rig.end(orders);

      await rig.expectOnceOrNever(orders);
      for (const order of orders) expect((await rig.submission(order))?.state).toBe('settled');
    },
    SLOW,
  );
});

describe('a signer that is killed', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start()), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it(
    'and comes back: what waited is signed and paid',
    async () => {
      await rig.signer.kill();
      const order = rig.order('USDT.ETH', '27');
      await rig.submit(order);
      await rig.looks();
      expect(await rig.chain.pool()).toEqual([]);

      await rig.signer.restart();

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'when it has signed and before its answer: the same nonce is signed again, and paid once',
    async () => {
      const order = rig.order('ETH.ETH', '0.08');
      const cut = rig.signer.proxy.once({ on: 'POST /internal/signatures', cut: 'after' });
      await rig.submit(order);
      await cut;
      await rig.signer.kill();
      await rig.signer.restart();

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
      expect(await rig.noncesUsed()).toBe(1n);
    },
    SLOW,
  );

  it(
    'together with the connector, in the middle of a burst: each is paid once',
    async () => {
      const orders = Array.from({ length: 10 }, (_, n) => rig.order('USDT.ETH', `${n + 1}`));
      await rig.submit(...orders);
      for (let kill = 0; kill < 3; kill++) {
        await Promise.all([rig.signer.kill(), rig.kill()]);
        await rig.signer.restart();
        await rig.connector();
        await rig.chain.mine();
      }

      await rig.end(orders);

      await rig.expectOnceOrNever(orders);
    },
    SLOW,
  );
});
