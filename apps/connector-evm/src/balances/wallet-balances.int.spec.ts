import { benchFor, reaches, type TestConnector } from '@sluice/connector-testing';
import { BalanceWatch, Breaks } from '@sluice/connector-engine';
import { eventually } from '@sluice/test-kit';
import { parseEther, type Address } from 'viem';
import { orderOf } from '../testing/orders.js';
import { kitWith } from '../testing/wallet-kit.js';
import { HOT_WALLETS, TANK, type WalletVenue } from '../testing/wallet-venue.js';
import { WalletBalances } from './wallet-balances.js';

const [FIRST] = HOT_WALLETS as [Address];
const PATIENCE = { withinMs: 20_000 };
/** The watch of these tests looks when it is told to. */
const BY_HAND = { recordIntervalMs: 3_600_000 };

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ confirmations: 2 }, (started) => {
    venue = started;
  }),
);

describe('chain and book', () => {
  beforeEach(async () => {
    for (const address of [...HOT_WALLETS, TANK])
      await venue.chain.setBalance(address, parseEther('100'));
    await venue.chain.mine();
  });

  /** What anvil is told of a balance is so from the next block on. */
  const setBalance = async (address: Address, wei: bigint) => {
    await venue.chain.setBalance(address, wei);
    await venue.chain.mine();
  };
  /** As the loop does: a doubt is read twice. Answers the breaks. */
  const looks = async (connector: TestConnector) => {
    const watch = connector.app.get(BalanceWatch);
    if (await watch.read(false)) await watch.read(true);
    const breaks = await connector.app.get(Breaks).list();
    return breaks.map(({ details }) => details);
  };
  /** As if each payment and its gas were long past: what is certain has to add up to the last wei. */
  const ages = (connector: TestConnector) =>
    connector.database.query(`
      WITH s AS (UPDATE submission SET finished_at = finished_at - interval '10 minutes' WHERE finished_at IS NOT NULL),
      t AS (UPDATE transaction SET final_at = final_at - interval '10 minutes' WHERE final_at IS NOT NULL)
      UPDATE venue_balance SET counted_to = counted_to - interval '1 hour'`);
  const pays = async (connector: TestConnector, asset: string, amount: string) => {
    const order = orderOf(asset, amount);
    await connector.submit([order]);
    await reaches(connector, order, 'settled');
  };
  /** A start-up look, once our addresses are known. */
  const started = async () => {
    const connector = await bench.connector(BY_HAND);
    await eventually(async () => {
      await looks(connector);
      expect(await connector.database.query('SELECT FROM venue_balance')).toHaveLength(2);
    }, PATIENCE);
    return connector;
  };

  it('agree while payments are under way, and to the last wei when they and their gas are past', async () => {
    const connector = await started();

    await pays(connector, 'ETH.ETH', '1.5');
    expect(await looks(connector)).toEqual([]);
    await pays(connector, 'USDT.ETH', '12.5');
    await ages(connector);

    expect(await looks(connector)).toEqual([]);
    const [expected] = await connector.database.query<{ total: string; expected: string }>(
      `SELECT total::text, expected::text FROM venue_balance WHERE currency = 'ETH.ETH'`,
    );
    expect(expected?.expected).toBe(expected?.total);
    expect(await connector.database.query('SELECT FROM venue_deposit')).toEqual([]);
  });

  it('differ by one wei that nobody here has sent: the wallet is paused', async () => {
    const connector = await started();
    const has = await venue.chain.balance(FIRST);
    await setBalance(FIRST, has - 1n);

    // A look goes by the newest block that it knows, which may be a second old.
    await eventually(
      async () =>
        expect(await looks(connector)).toEqual([
          'the venue has 299.999999999999999999 ETH.ETH of ours: 300 was expected, and at least 300 with all that is under way',
        ]),
      PATIENCE,
    );
    expect(await connector.halts.inForce()).toMatchObject([
      { scope: 'venue', reason: 'balance_apart' },
    ]);
    await connector.takeBreaks();
  });

  it('do not differ by what went from one of our addresses to another', async () => {
    const connector = await started();
    await venue.chain.setBalance(TANK, parseEther('98'));
    await setBalance(FIRST, parseEther('102'));

    expect(await looks(connector)).toEqual([]);
  });

  it('are not compared by a node that has less than what is final here', async () => {
    const connector = await started();
    await pays(connector, 'ETH.ETH', '1');
    await connector.database.query(`UPDATE nonce SET mined_in = mined_in + 1000000`);

    expect(await connector.app.get(WalletBalances).read()).toEqual({
      kind: 'unavailable',
      cause: 'no chain can be read, at all of our addresses',
    });
  });
});
