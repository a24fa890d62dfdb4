import type { Address } from 'viem';
import { WalletRig, type WalletOrder } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

const nonceOf = async ({ withdrawalId }: WalletOrder) => {
  const [row] = await rig.rows(
    'SELECT address, nonce::int, purpose, state, outcome FROM nonce WHERE withdrawal_id = $1',
    [withdrawalId],
  );
  return row as { readonly address: Address; readonly nonce: number } | undefined;
};
const pausesOf = (address: string) =>
  rig.rows('SELECT paused_because FROM lane WHERE address = $1 AND paused_because IS NOT NULL', [
    address,
  ]);

describe('a nonce that a transaction made elsewhere with our key has used for good', () => {
  it(
    'ends its payment as never made, pauses its address alone, and another address pays what comes next',
    async () => {
      rig = await WalletRig.start({ senders: 2 });
      const order = rig.order('ETH.ETH', '0.05');
      await rig.submit(order);
      await rig.isInPool();
      const { address, nonce } = (await nonceOf(order)) ?? { address: rig.sender, nonce: -1 };
      await rig.chain.dropAll();
      await rig.somebodyElseSends(address);

      await rig.reaches(order, 'failed');

      const reasons = await rig.rows('SELECT reason FROM submission');
      expect(reasons).toEqual([{ reason: 'nonce_used' }]);
      expect(await nonceOf(order)).toMatchObject({ nonce, state: 'dead', outcome: 'dead' });
      expect(await pausesOf(address)).toMatchObject([
        { paused_because: expect.stringContaining(`its nonce ${nonce} was used by 0x`) },
      ]);
      const next = rig.order('USDT.ETH', '21');
      await rig.submit(order, next);
      await rig.reaches(next, 'settled');
      expect((await nonceOf(next))?.address).not.toBe(address);
      await rig.expectOnceOrNever([order, next]);
    },
    SLOW,
  );

  it(
    'ends a payment, too, that was signed under it and not yet let go',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('USDT.ETH', '22');
      const connector = await rig.connectorThatDiesAt('wallet.after-signature');
      await connector.submit([order]).catch(() => undefined);
      await connector.ended;
      await rig.somebodyElseSends();
      await rig.chain.mine(8);

      await rig.end([order]);

      expect(['failed', 'refused']).toContain((await rig.submission(order))?.state);
      expect(await pausesOf(rig.sender)).toHaveLength(1);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});

describe('a nonce that the signer has given to another payment, which nobody here remembers after a restore', () => {
  it(
    'goes to a void, and the order is paid under another one, once',
    async () => {
      rig = await WalletRig.start();
      await rig.connector();
      const restore = await rig.backUp();
      const forgotten = rig.order('ETH.ETH', '0.06');
      await rig.submit(forgotten);
      await rig.isInPool();
      await rig.chain.dropAll();
      await restore();

      const order = rig.order('ETH.ETH', '0.07');
      await rig.submit(order);
      await rig.reaches(order, 'settled');

      expect(await nonceOf(order)).toMatchObject({ nonce: 1, purpose: 'payment', state: 'final' });
      expect(
        await rig.rows('SELECT purpose, withdrawal_id, state, outcome FROM nonce WHERE nonce = 0'),
      ).toEqual([{ purpose: 'void', withdrawal_id: null, state: 'final', outcome: 'void' }]);
      expect(await pausesOf(rig.sender)).toEqual([]);
      expect(await rig.received(forgotten)).toBe(0n);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});

describe('a database that was restored to before payments that are final by now', () => {
  it(
    'has their nonces as dead, and goes on behind them with every invariant true',
    async () => {
      rig = await WalletRig.start();
      const [before, since, after] = ['0.08', '0.081', '0.082'].map((n) => rig.order('ETH.ETH', n));
      if (!before || !since || !after) throw new Error('three orders');
      await rig.submit(before);
      await rig.reaches(before, 'settled');
      const restore = await rig.backUp();
      await rig.submit(since);
      await rig.reaches(since, 'settled');
      await rig.chain.mine(4);
      await restore();

      await rig.submit(after);
      await rig.reaches(after, 'settled');

      expect(await rig.rows('SELECT nonce::int, state FROM nonce ORDER BY nonce')).toEqual([
        { nonce: 0, state: 'final' },
        { nonce: 1, state: 'dead' },
        { nonce: 2, state: 'final' },
      ]);
      expect(await pausesOf(rig.sender)).toEqual([]);
      await rig.expectOnceOrNever([before, after]);
    },
    SLOW,
  );
});

describe('a payment that is not on record here any more', () => {
  it(
    'and that the signer remembers, is held back for a person, once, past its deadline',
    async () => {
      rig = await WalletRig.start();
      await rig.connector();
      const restore = await rig.backUp();
      const order = rig.order('ETH.ETH', '0.09');
      await rig.submit(order);
      await rig.reaches(order, 'settled');
      await rig.chain.mine(4);
      await restore();

      await rig.submit(order);
      await rig.mineUntil(async () =>
        expect((await rig.submission(order))?.cases.map(({ kind }) => kind)).toEqual(['held_back']),
      );
      await rig.rows(`UPDATE submission SET not_after = now() - interval '1 second'`);
      const next = rig.order('USDT.ETH', '23');
      await rig.submit(next);
      await rig.reaches(next, 'settled');

      const { state, cases } = (await rig.submission(order)) ?? {};
      expect([state, cases?.map(({ kind }) => kind)]).toEqual(['prepared', ['held_back']]);
      expect(await nonceOf(order)).toBeUndefined();
      expect(await rig.received(order)).toBe(order.units);
      expect(await rig.violations()).toEqual([]);
    },
    SLOW,
  );

  it(
    'and that its chain remembers, opens a case, once, and does not end by it',
    async () => {
      rig = await WalletRig.start();
      await rig.connector();
      const restore = await rig.backUp();
      const order = rig.order('USDT.ETH', '24');
      await rig.submit(order);
      await rig.hasBeenSent();
      const [forgotten = '0x'] = rig.sent();
      await restore();
      await rig.chain.dropAll();
      await rig.chain.mine(5); // fees are others now, and so are the bytes
      await rig.submit(order);
      await rig.hasBeenSent(2);
      expect(new Set(rig.sent()).size).toBeGreaterThan(1);
      await rig.chain.dropAll();
      await rig.chain.client.sendRawTransaction({ serializedTransaction: forgotten });

      await rig.mineUntil(async () =>
        expect((await rig.submission(order))?.cases.map(({ kind }) => kind)).toEqual([
          'paid_by_other_bytes',
        ]),
      );
      await rig.looks();

      const { state, cases } = (await rig.submission(order)) ?? {};
      expect([state, cases?.length]).toEqual(['accepted', 1]);
      expect(await rig.received(order)).toBe(order.units);
    },
    SLOW,
  );
});
