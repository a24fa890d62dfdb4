import { randomUUIDv7 } from 'node:crypto';
import { WalletRig, type WalletOrder } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

describe('a connector whose database was restored to before a payment', () => {
  let rig: WalletRig;
  beforeEach(async () => void (rig = await WalletRig.start()), SLOW);
  afterEach(() => rig.stop());

  const paidAndForgotten = async (asset: 'ETH.ETH' | 'USDT.ETH', isFinal: boolean) => {
    await rig.connector();
    const restore = await rig.backUp();
    const order = rig.order(asset, '0.4');
    await rig.submit(order);
    await (isFinal ? rig.reaches(order, 'settled') : rig.hasBeenSent());
    await restore();
    return order;
  };
  const hasPaid = async (order: WalletOrder) =>
    rig.mineUntil(async () => {
      expect((await rig.submission(order))?.state).toBe('settled');
      expect(await rig.received(order)).toBe(order.units);
    });

  it.each([
    ['ETH.ETH', 'is in no block', false],
    ['USDT.ETH', 'is in no block', false],
    ['ETH.ETH', 'is final', true],
    ['USDT.ETH', 'is final', true],
  ] as const)(
    'in %s that %s is told by the signer what it has signed, and follows that',
    async (asset, _where, isFinal) => {
      const order = await paidAndForgotten(asset, isFinal);
      await rig.submitAgain(order);

      await hasPaid(order);
    },
    SLOW,
  );

  it(
    'does the same when the order comes as if it were new: the nonce that it was given says nothing of the payment',
    async () => {
      const order = await paidAndForgotten('ETH.ETH', true);
      await rig.submit(order);

      await hasPaid(order);
    },
    SLOW,
  );

  it(
    'says nothing of it while the signer is away, not even when it is cancelled',
    async () => {
      const order = await paidAndForgotten('ETH.ETH', true);
      await rig.signer.kill();
      await rig.submitAgain(order);
      await rig.cancel(order);
      await rig.looks();
      expect((await rig.submission(order))?.state).toBe('prepared');

      await rig.signer.restart();

      await hasPaid(order);
    },
    SLOW,
  );

  it.each([
    ['is in no block', false],
    ['is final', true],
  ])(
    'together with the signer’s, where it %s: nobody knows it, so a person is asked, and nothing is sent again',
    async (_where, isFinal) => {
      await rig.connector();
      const [restoreSigner, restore] = [await rig.signer.backUp(), await rig.backUp()];
      const order = rig.order('ETH.ETH', '0.4');
      await rig.submit(order);
      await (isFinal ? rig.reaches(order, 'settled') : rig.isInPool());
      await restore();
      await restoreSigner();

      await rig.submitAgain(order);
      await rig.cancel(order);
      await rig.mineUntil(async () => expect(await rig.received(order)).toBe(order.units));
      // The transaction is compared with the orders once it is final.
      await rig.mineUntil(async () => {
        const kinds = (await rig.submission(order))?.cases.map(({ kind }) => kind);
        expect(kinds).toContain('needs_decision');
      });
      await rig.looks(12);

      expect((await rig.submission(order))?.state).toBe('prepared');
      expect(await rig.received(order)).toBe(order.units);
    },
    SLOW,
  );

  it.each([
    ['the signer remembers', false],
    ['only the process remembers, because the signer was restored as well', true],
  ])(
    'under the running process: a payment that %s is followed',
    async (_who, isSignerRestored) => {
      const order = rig.order('USDT.ETH', '0.4');
      const restoreSigner = await rig.signer.backUp();
      await rig.connector();
      await rig.signer.kill();
      await rig.submit(order);
      const restore = await rig.backUpAlive();
      await rig.signer.restart();
      await rig.isInPool();
      if (isSignerRestored) await restoreSigner();
      await restore();

      await hasPaid(order);
      expect(await rig.rows('SELECT id FROM halt WHERE lifted_at IS NULL')).toEqual([]);
    },
    SLOW,
  );

  it(
    'is followed from the signer while another order waits for a place of the same address',
    async () => {
      const order = await paidAndForgotten('ETH.ETH', false);
      const other = rig.order('ETH.ETH', '0.1');
      await rig.submit(other);
      await rig.submitAgain(order);

      await hasPaid(order);
      await rig.looks(12);

      await rig.expectOnceOrNever([order, other]);
    },
    SLOW,
  );

  it(
    'together with the signer’s: an equal order that is new is not paid, because the chain has the payment',
    async () => {
      await rig.connector();
      const [restoreSigner, restore] = [await rig.signer.backUp(), await rig.backUp()];
      const order = rig.order('USDT.ETH', '0.4');
      await rig.submit(order);
      await rig.reaches(order, 'settled');
      await restore();
      await restoreSigner();

      const again = { ...order, withdrawalId: randomUUIDv7() };
      await rig.submit(again);
      await rig.mineUntil(async () => {
        const kinds = (await rig.submission(again))?.cases.map(({ kind }) => kind);
        expect(kinds).toContain('needs_decision');
      });
      await rig.looks(12);

      expect(await rig.received(order)).toBe(order.units);
      expect(await rig.rows('SELECT gross, destination FROM unclaimed_record')).toEqual([
        { gross: '0.4', destination: `address:${order.recipient.toLowerCase()}:` },
      ]);
      expect(await rig.halts()).toContainEqual(expect.objectContaining({ reason: 'orphan' }));
    },
    SLOW,
  );
});
