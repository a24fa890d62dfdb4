import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

describe('a chain, a coin and a token that no release names', () => {
  it(
    'are paid by configuration alone, up to what their stated worth allows',
    async () => {
      rig = await WalletRig.start({ unnamed: true });
      const orders = [rig.order('POL.POLYGON', '12.5'), rig.order('EURC.POLYGON', '30.5')];
      const tooMuch = rig.order('EURC.POLYGON', '10000.1');

      await rig.submit(...orders, tooMuch);

      for (const order of orders) await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([...orders, tooMuch]);
      expect((await rig.submission(tooMuch))?.state).not.toBe('settled');
    },
    SLOW,
  );
});
