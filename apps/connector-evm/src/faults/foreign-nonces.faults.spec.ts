import { readSigned } from '@sluice/evm';
import { eventually } from '@sluice/test-kit';
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
        {
          paused_because: expect.stringContaining(
            `nonce ${nonce} of the address was used by transaction 0x`,
          ),
        },
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
      await rig.submitAfterRestore(order);
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

describe('a payment that was signed and never let go, whose withdrawal the signer has closed', () => {
  it(
    'is not sent after a restore, for its hold may be released: a void takes its place',
    async () => {
      rig = await WalletRig.start();
      await rig.connector();
      const restore = await rig.backUp();
      const order = rig.order('ETH.ETH', '0.08');
      const connector = await rig.connectorThatDiesAt('wallet.after-signature');
      await connector.submit([order]).catch(() => undefined);
      await connector.ended;
      await rig.signer.closes(order.withdrawalId);
      await restore();

      await rig.submitAgain(order);
      await rig.reaches(order, 'failed');

      expect(await nonceOf(order)).toMatchObject({ nonce: 0, state: 'final', outcome: 'void' });
      const sent = await Promise.all(rig.sent().map((raw) => readSigned(raw)));
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((one) => !one.ok || one.value.amount > 0n)).toEqual([]);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});

/** Submits a payment whose nonce the chain uses for another transaction with our key. */
async function givenReplaced(
  what: (order: WalletOrder) => { readonly to: Address; readonly value: bigint },
): Promise<WalletOrder> {
  rig = await WalletRig.start();
  const order = rig.order('ETH.ETH', '0.08');
  await rig.submit(order);
  await rig.isInPool();
  await rig.chain.dropAll();
  await rig.somebodyElseSends(rig.sender, what(order));
  return order;
}

describe('a payment that its chain has by bytes which nobody here or at the signer remembers', () => {
  it(
    'opens a case, once, and does not end by it',
    async () => {
      const order = await givenReplaced(({ recipient, units }) => ({
        to: recipient,
        value: units,
      }));

      await rig.mineUntil(async () =>
        expect((await rig.submission(order))?.cases.map(({ kind }) => kind)).toEqual([
          'paid_by_other_bytes',
        ]),
      );
      await rig.looks();

      const { state, cases } = (await rig.submission(order)) ?? {};
      expect([state, cases?.length]).toEqual(['accepted', 1]);
      expect(await rig.received(order)).toBe(order.units);
      expect(await pausesOf(rig.sender)).toEqual([]);
    },
    SLOW,
  );
});

describe('a void that its chain has by bytes which neither this database nor the signer has', () => {
  it(
    'ends the payment under its nonce unpaid, without a pause of the address',
    async () => {
      const order = await givenReplaced(() => ({ to: rig.sender, value: 0n }));

      await rig.reaches(order, 'failed');

      expect(await nonceOf(order)).toMatchObject({ nonce: 0, state: 'dead', outcome: 'dead' });
      expect(await pausesOf(rig.sender)).toEqual([]);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'ends its own nonce without a pause of the address',
    async () => {
      rig = await WalletRig.start();
      await rig.connector();
      await eventually(async () =>
        expect(await rig.rows(LEASED_VOID, [rig.sender])).toHaveLength(1),
      );
      await rig.kill();
      await rig.somebodyElseSends(rig.sender, { to: rig.sender, value: 0n });
      await rig.chain.mine(8);

      const order = rig.order('ETH.ETH', '0.09');
      await rig.submit(order);
      await rig.reaches(order, 'settled');

      expect(await rig.rows('SELECT state, outcome FROM nonce WHERE nonce = 0')).toEqual([
        { state: 'dead', outcome: 'dead' },
      ]);
      expect(await pausesOf(rig.sender)).toEqual([]);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});

/** State of a restored database: the void was leased, and was signed after the backup. */
const LEASED_VOID = `
  WITH l AS (UPDATE lane SET next_nonce = 1 WHERE address = $1 RETURNING network, address)
  INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient)
  SELECT network, address, 0, 'void', 'ETH.ETH', 18, 0, address FROM l RETURNING nonce`;
