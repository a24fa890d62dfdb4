import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

let rig: WalletRig;
afterEach(() => rig.stop());

describe('a nonce that was leased and not yet signed in the backup from which connector and signer are restored', () => {
  it(
    'is not given up, and its order is not refused: the payment on the chain waits for a person',
    async () => {
      rig = await WalletRig.start();
      const order = rig.order('ETH.ETH', '0.09');
      const connector = await rig.connectorThatDiesAt('wallet.after-lease');
      await connector.submit([order]).catch(() => undefined);
      await connector.ended;
      const restores = [await rig.backUp(), await rig.signer.backUp()];
      await rig.reaches(order, 'settled');
      for (const restore of restores) await restore();

      await rig.mineUntil(async () => {
        await (await rig.connector()).askFor(order.withdrawalId);
        expect((await rig.submission(order))?.cases.map(({ kind }) => kind)).toEqual([
          'needs_decision',
        ]);
      });
      const next = rig.order('USDT.ETH', '23');
      await rig.submitAfterRestore(next);
      await rig.mineUntil(async () => {
        // the payment on the chain is an orphan, which halts the wallet
        await (await rig.connector()).liftHalts();
        expect(
          await rig.rows(`SELECT nonce::int, state FROM nonce WHERE withdrawal_id IS NOT NULL`),
        ).toMatchObject([{ nonce: 1, state: expect.stringMatching(/released|final/) }]);
      });

      expect((await rig.submission(order))?.state).toBe('prepared');
      expect(
        await rig.rows('SELECT purpose, withdrawal_id, state, outcome FROM nonce WHERE nonce = 0'),
      ).toEqual([{ purpose: 'void', withdrawal_id: null, state: 'dead', outcome: 'dead' }]);
      expect(await rig.rows('SELECT venue_reference FROM unclaimed_record')).toEqual([
        { venue_reference: `ETH:${rig.sender}:0` },
      ]);
      expect(await rig.received(order)).toBe(order.units);
    },
    SLOW,
  );
});
