import { deployPurse } from '@sluice/evm-testing';
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
});
