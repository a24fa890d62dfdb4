import { ChainAudit } from '@sluice/connector-evm/audit';
import {
  CONFIRMATIONS,
  HOT,
  STRANGER,
  TANK,
  WalletUnderAudit,
} from '../testkit/wallet-under-audit.js';

let wallet: WalletUnderAudit;
let audit: ChainAudit;

beforeEach(async () => {
  wallet = await WalletUnderAudit.open();
  audit = new ChainAudit(wallet.settings());
});
afterEach(async () => {
  await audit.close();
  await wallet.close();
});

const payments = () =>
  wallet.owner.query<{ currency: string; net: string; is_assigned: boolean }>(
    `SELECT currency, net::text, withdrawal_id IS NOT NULL AS is_assigned FROM venue_payment ORDER BY currency`,
  );

describe('the chains of the wallet', () => {
  it('show the payment of each order, and nothing of voids, top-ups and transfers of zero', async () => {
    const [first, second] = [wallet.anAddress(), wallet.anAddress()];
    await wallet.ordered('ETH.ETH', '0.5', first);
    await wallet.ordered('USDT.ETH', '12.5', second);
    await wallet.coins(first, '0.5');
    await wallet.tokens(second, 12_500_000n);
    await wallet.coins(HOT.address, '0');
    await wallet.coins(HOT.address, '1', TANK);
    await wallet.tokens(wallet.anAddress(), 0n);
    await wallet.coins(HOT.address, '3', STRANGER);
    await wallet.becomesFinal();

    expect(await wallet.findings()).toEqual([]);
    expect(await payments()).toEqual([
      { currency: 'ETH.ETH', net: '0.5', is_assigned: true },
      { currency: 'USDT.ETH', net: '12.5', is_assigned: true },
    ]);
  });

  it('show a second payment of an order, and a payment without one, once both are final', async () => {
    const to = wallet.anAddress();
    await wallet.ordered('USDT.ETH', '7', to);
    await wallet.tokens(to, 7_000_000n);
    await wallet.becomesFinal();
    expect(await wallet.findings()).toEqual([]);

    await wallet.tokens(to, 7_000_000n);
    await wallet.coins(wallet.anAddress(), '2');
    await wallet.isRead();
    expect(await wallet.findings()).toEqual([]);

    await wallet.becomesFinal();
    expect([...(await wallet.findings())].sort()).toEqual(['paid_twice', 'payment_without_order']);
  });

  it('show no payment that a reorganisation removed before it was final', async () => {
    await wallet.coins(wallet.anAddress(), '2');
    await wallet.isRead();
    await wallet.chain.reorg(1);
    await wallet.chain.mine(2 * CONFIRMATIONS);
    await wallet.isRead();

    expect(await wallet.findings()).toEqual([]);
  });

  it('have an order of one network not paid on another', async () => {
    const to = wallet.anAddress();
    await wallet.ordered('USDT.BSC', '9', to);
    await wallet.tokens(to, 9_000_000n);
    await wallet.becomesFinal();

    expect(await wallet.findings()).toEqual(['payment_without_order']);
  });

  it.each(['error', 'status'] as const)(
    'are read in ranges of ten blocks where a node refuses longer ranges by %s, and go on from each part',
    async (refusesRanges) => {
      const since = new Date(Date.now() - 3_600_000);
      const asked = { before: null, since, now: new Date(), areCoinsKnown: true };
      await wallet.tokens(wallet.anAddress(), 1_000_000n);
      await wallet.chain.mine(300);
      const busy = { kind: 'error', code: -32005, message: 'too many requests' } as const;
      wallet.node.lie(busy, { methods: ['eth_getLogs'], times: 1 });

      const failed = await audit.next(asked);
      wallet.node.limit({ mostLogBlocks: 10, refusesRanges });
      const part = await audit.next(asked);
      const before = part.ok ? part.value.progress : null;
      const rest = await audit.next({ ...asked, before });

      expect(failed).toMatchObject({
        ok: false,
        refusal: expect.stringContaining('too many requests') as string,
      });
      expect(part).toMatchObject({ value: { isComplete: false, payments: [{ amount: '1' }] } });
      expect(rest).toMatchObject({ value: { isComplete: true, payments: [] } });
    },
  );

  it('are not read while a node hides a transfer', async () => {
    const asked = {
      before: null,
      since: new Date(Date.now() - 60_000),
      now: new Date(),
      areCoinsKnown: true,
    };
    await wallet.tokens(wallet.anAddress(), 1_000_000n);
    await wallet.chain.mine(CONFIRMATIONS);
    wallet.node.lie({ kind: 'answer', change: () => [] }, { methods: ['eth_getLogs'] });

    expect(await audit.next(asked)).toMatchObject({
      ok: false,
      refusal: expect.stringContaining('nodes disagree') as string,
    });
  });

  it('are not read while the newest block is old', async () => {
    const asked = {
      before: null,
      since: new Date(),
      now: new Date(Date.now() + 200_000),
      areCoinsKnown: true,
    };

    expect(await audit.next(asked)).toMatchObject({
      ok: false,
      refusal: expect.stringMatching(/the newest block is \d+ s old/) as string,
    });
  });
});
