import {
  deployBurner,
  deployPurse,
  setBlocked,
  setShut,
  upgradeToken,
} from '@sluice/test-servers/evm';
import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

describe('a token', () => {
  it.each(['plain', 'silent', 'false', 'hollow'] as const)(
    '%s that pays is paid, by its own record',
    async (token) => {
      rig = await WalletRig.start({ token });
      const order = rig.order('USDT.ETH', '30.5');

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it.each(['plain', 'silent', 'false', 'hollow'] as const)(
    '%s that pays nobody once it is sent is failed where two nodes prove it, and never paid afterwards',
    async (token) => {
      rig = await WalletRig.start({ token, nodes: 2 });
      const order = rig.order('USDT.ETH', '31');
      await rig.submit(order);
      await rig.hasBeenSent();
      await setBlocked(rig.chain, rig.token, order.recipient, true);

      await rig.reaches(order, 'failed');

      await setBlocked(rig.chain, rig.token, order.recipient, false);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'that moves the money without the event is disputed, never given back, and halts itself alone',
    async () => {
      rig = await WalletRig.start({ nodes: 2 });
      await upgradeToken(rig.chain, rig.token, 'mute', 6);
      const orders = ['20', '21'].map((amount) => rig.order('USDT.ETH', amount));
      await rig.submit(...orders);

      for (const order of orders) await rig.reaches(order, 'disputed');

      for (const order of orders) expect(await rig.received(order)).toBe(order.units);
      expect(await rig.halts()).toEqual([
        { scope: 'asset', target: 'USDT.ETH', reason: 'other_amount' },
        { scope: 'asset', target: 'USDT.ETH', reason: 'other_amount' },
      ]);
      const coins = rig.order('ETH.ETH', '0.01');
      await rig.submit(coins);
      await rig.reaches(coins, 'settled');
    },
    SLOW,
  );

  it.each(['plain', 'silent', 'false', 'hollow'] as const)(
    '%s that would not pay is refused before a nonce is spent',
    async (token) => {
      rig = await WalletRig.start({ token });
      const order = rig.order('USDT.ETH', '32');
      await setBlocked(rig.chain, rig.token, order.recipient, true);

      await rig.submit(order);

      await rig.reaches(order, 'refused');
      await rig.expectOnceOrNever([order]);
      expect(await rig.chain.nonce(rig.sender)).toBe(0n);
    },
    SLOW,
  );

  it(
    'that keeps a part is refused before anything is signed',
    async () => {
      rig = await WalletRig.start({ token: 'fee' });
      const order = rig.order('USDT.ETH', '33');

      await rig.submit(order);

      await rig.reaches(order, 'refused');
      await rig.expectOnceOrNever([order]);
      expect(await rig.rows('SELECT FROM transaction')).toEqual([]);
    },
    SLOW,
  );
});

describe('a recipient that is a contract', () => {
  it(
    'is given the gas that it takes',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('ETH.ETH', '0.05', await deployPurse(rig.chain));

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'that burns more gas than a payment may use is refused before a nonce is leased, and burns nothing',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('ETH.ETH', '0.002', await deployBurner(rig.chain, 30));

      await rig.submit(order);

      await rig.reaches(order, 'refused');
      await rig.expectOnceOrNever([order]);
      expect(await rig.chain.nonce(rig.sender)).toBe(0n);
      expect(await rig.rows('SELECT FROM nonce')).toEqual([]);
      expect(rig.sent()).toEqual([]);
    },
    SLOW,
  );

  it(
    'that takes nothing is refused',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('ETH.ETH', '0.06', await deployPurse(rig.chain));
      await setShut(rig.chain, order.recipient, true);

      await rig.submit(order);

      await rig.reaches(order, 'refused');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});
