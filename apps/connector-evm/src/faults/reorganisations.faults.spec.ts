import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

describe('a reorganisation', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start({ confirmations: 6 })), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it.each([1, 2, 4])(
    'of %i blocks, shallower than final: what it took out goes in again, once',
    async (depth) => {
      const orders = [rig.order('ETH.ETH', '0.01'), rig.order('USDT.ETH', '25')];
      await rig.submit(...orders);
      await rig.hasBeenSent(2);
      await rig.chain.mine(depth);
      await rig.looks();

      await rig.chain.reorg(depth);

      expect(await rig.noncesUsed()).toBe(0n);
      for (const order of orders) await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever(orders);
      expect(await rig.noncesUsed()).toBe(2n);
    },
    SLOW,
  );

  it(
    'that puts the payment into another block at once: settled by the block that stays',
    async () => {
      const order = rig.order('ETH.ETH', '0.02');
      await rig.submit(order);
      await rig.hasBeenSent();
      const [raw = '0x'] = rig.sent();
      await rig.chain.mine(3);
      await rig.looks();

      await rig.chain.reorg(3, [{ raw, block: 1 }]);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'one after the other: paid once',
    async () => {
      const order = rig.order('USDT.ETH', '26');
      await rig.submit(order);
      await rig.hasBeenSent();
      for (let time = 0; time < 4; time++) {
        await rig.chain.mine(3);
        await rig.looks();
        await rig.chain.reorg(3);
        await rig.looks();
      }

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'deeper than final: a case is opened, the network is halted, what was told stays told, and nobody is paid by another nonce',
    async () => {
      const order = rig.order('ETH.ETH', '0.03');
      await rig.submit(order);
      await rig.reaches(order, 'settled');
      const head = await rig.chain.head();

      await rig.chain.reorg(Number(head) - 2);
      await rig.chain.mine();
      await rig.mineUntil(async () => expect(await rig.alarms(order)).not.toEqual([]));

      expect((await rig.submission(order))?.state).toBe('settled');
      expect(await rig.chain.nonce(rig.sender)).toBeLessThanOrEqual(1n);
      expect(await rig.halts()).toEqual([
        { scope: 'asset', target: 'ETH.ETH', reason: 'reorganised' },
        { scope: 'asset', target: 'USDT.ETH', reason: 'reorganised' },
      ]);
      const next = rig.order('USDT.ETH', '28');
      await rig.submit(next);
      await rig.looks(8);
      expect((await rig.submission(next))?.state).toBe('prepared');
    },
    SLOW,
  );
});

describe('a reorganisation deeper than final', () => {
  let rig: WalletRig;
  beforeEach(async () => void (rig = await WalletRig.start({ senders: 2 })), SLOW);
  afterEach(() => rig.stop());

  const HALTED = [
    { scope: 'asset', target: 'ETH.ETH', reason: 'reorganised' },
    { scope: 'asset', target: 'USDT.ETH', reason: 'reorganised' },
  ];

  it(
    'that has the payment in another block at once halts the network as well',
    async () => {
      const order = rig.order('ETH.ETH', '0.03');
      await rig.submit(order);
      await rig.hasBeenSent();
      const [raw = '0x'] = rig.sent();
      await rig.reaches(order, 'settled');
      const head = await rig.chain.head();
      await rig.chain.mine();

      await rig.chain.reorg(Number(head) - 2, [{ raw, block: 1 }]);
      await rig.mineUntil(async () => expect(await rig.halts()).toEqual(HALTED));

      expect((await rig.submission(order))?.state).toBe('settled');
      expect(await rig.received(order)).toBe(order.units);
    },
    SLOW,
  );

  it(
    'is seen although the payment of another address becomes final in the same look',
    async () => {
      const gone = rig.order('ETH.ETH', '0.03');
      await rig.submit(gone);
      await rig.reaches(gone, 'settled');
      const head = await rig.chain.head();
      const other = rig.order('ETH.ETH', '0.04');
      await rig.submit(other);
      await rig.hasBeenSent(2);
      const raw = rig.sent().at(-1) ?? '0x';
      rig.node.lie({ kind: 'html' });

      await rig.chain.reorg(Number(head) - 2, [{ raw, block: 1 }]);
      await rig.chain.mine(8);
      rig.node.honest();

      // The balance of the chain may be found apart as well, before the bytes are mined again.
      await rig.mineUntil(async () =>
        expect(await rig.halts()).toEqual(expect.arrayContaining(HALTED)),
      );
      expect(await rig.alarms(gone)).not.toEqual([]);
    },
    SLOW,
  );
});

describe('a transaction that pools have dropped', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start()), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it(
    'is sent again with the same bytes, as often as it takes, and never failed by time',
    async () => {
      const order = rig.order('USDT.ETH', '27');
      await rig.submit(order);
      for (let time = 1; time <= 3; time++) {
        await rig.isInPool();
        await rig.chain.dropAll();
        await rig.chain.mine();
      }
      await rig.isInPool();

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
      expect(new Set(rig.sent()).size).toBe(1);
    },
    SLOW,
  );

  it(
    'in the middle of others: those behind it wait, and all are paid',
    async () => {
      const orders = [1, 2, 3, 4].map((n) => rig.order('ETH.ETH', `0.0${n}`));
      await rig.submit(...orders);
      await rig.isInPool(4);
      const [first] = await rig.chain.pool();
      await rig.chain.drop(first ?? '0x');

      for (const order of orders) await rig.reaches(order, 'settled');

      await rig.expectOnceOrNever(orders);
      expect(await rig.noncesUsed()).toBe(4n);
    },
    SLOW,
  );
});

describe('a nonce that somebody else has used', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start()), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  it(
    'proves nothing before it is final: a reorganisation gives it back, and the payment is made',
    async () => {
      const order = rig.order('ETH.ETH', '0.07');
      await rig.submit(order);
      await rig.isInPool();
      await rig.chain.dropAll();
      await rig.somebodyElseSends();
      await rig.chain.mine(2);
      await rig.looks();
      expect((await rig.submission(order))?.state).not.toBe('failed');

      await rig.chain.reorg(2);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'proves at final depth that ours is dead: failed and never paid, and the address pays nobody until a person has looked',
    async () => {
      const order = rig.order('ETH.ETH', '0.05');
      await rig.submit(order);
      await rig.isInPool();
      await rig.chain.dropAll();
      await rig.somebodyElseSends();
      await rig.chain.mine();

      await rig.reaches(order, 'failed');

      const next = rig.order('ETH.ETH', '0.06');
      await rig.submit(next);
      await rig.looks();
      expect(await rig.received(next)).toBe(0n);
      expect(await rig.received(order)).toBe(0n);
    },
    SLOW,
  );
});
