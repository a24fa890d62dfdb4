import { benchFor, reaches, type TestConnector } from '@sluice/connector-testing';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { parseEther, type Address } from 'viem';
import { WalletChains } from '../chain/wallet-chains.js';
import { kitWith } from '../testing/wallet-kit.js';
import { orderOf } from '../testing/orders.js';
import { HOT_WALLETS, TANK, type WalletVenue } from '../testing/wallet-venue.js';
import { CoinCount } from './coin-count.js';

const [FIRST, SECOND] = HOT_WALLETS as [Address, Address];
const PATIENCE = { withinMs: 30_000 };
/** One count by itself, at the start; the others are made by hand. */
const BY_HAND = { recordIntervalMs: 3_600_000 };
const TOP_UPS = { below: '0.5', upTo: '1', mostPerDay: '1.5' };

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ confirmations: 2, topUps: TOP_UPS }, (started) => {
    venue = started;
  }),
);

describe('what comes to our addresses', () => {
  beforeEach(async () => {
    for (const address of [...HOT_WALLETS, TANK])
      await venue.chain.setBalance(address, parseEther('100'));
    await venue.chain.mine(4);
  });

  const facts = (connector: TestConnector, type: string) =>
    connector
      .events(NO_WITHDRAWAL)
      .filter((event) => event.type === `venue.${type}.v1`)
      .map(({ data }) => data);
  const arrived = (connector: TestConnector) => facts(connector, 'coins-arrived');
  const later = (connector: TestConnector) =>
    arrived(connector).filter((data) => !('number' in data && data.number === 1));
  const isCounted = (connector: TestConnector) =>
    eventually(async () => {
      expect(await connector.database.query('SELECT FROM wallet_coin')).toHaveLength(6);
    }, PATIENCE);
  /** Of a block that is final from now on. */
  const counts = async (connector: TestConnector) => {
    await venue.chain.mine(4);
    const head = await venue.chain.head();
    await eventually(async () => {
      const [row] = await connector.database.query<{ block: string }>(
        `SELECT final_number::text AS block FROM chain_follower`,
      );
      expect(Number(row?.block)).toBeGreaterThanOrEqual(Number(head) - 2);
      const chain = connector.app.get(WalletChains).of('ETH');
      expect(await connector.app.get(CoinCount).count(chain)).toBe(true);
    }, PATIENCE);
  };
  const expected = (connector: TestConnector) =>
    connector.database.query<{ address: Address; units: string }>(
      `SELECT address, units::text FROM wallet_coin WHERE asset = 'ETH.ETH' AND units <> $1 ORDER BY address`,
      [parseEther('100').toString()],
    );

  it('is at first what is there, told once for each address and asset, whoever starts again', async () => {
    const database = await bench.database();
    const connector = await bench.connector(BY_HAND, database);
    await isCounted(connector);
    await counts(connector);
    await eventually(() => expect(arrived(connector)).toHaveLength(5), PATIENCE); // the tank has no tokens
    const again = await bench.restart(connector, database, BY_HAND);
    await counts(again);

    const reported = arrived(connector);
    for (const address of HOT_WALLETS)
      expect(reported).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ address, wallet: 'hot', asset: 'ETH.ETH', number: 1 }),
          expect.objectContaining({ address, wallet: 'hot', asset: 'USDT.ETH', number: 1 }),
        ]),
      );
    expect(reported).toContainEqual(
      expect.objectContaining({
        address: TANK,
        wallet: 'tank',
        network: 'ETH',
        asset: 'ETH.ETH',
        amount: '100',
      }),
    );
    expect(arrived(again)).toEqual([]);
  });

  it('is not what payments, their gas and top-ups moved, to the last wei', async () => {
    await venue.chain.setBalance(SECOND, parseEther('0.25'));
    const connector = await bench.connector(BY_HAND);
    await isCounted(connector);
    const orders = [orderOf('ETH.ETH', '1.5'), orderOf('USDT.ETH', '12.5')];
    await connector.submit(orders);
    for (const order of orders) await reaches(connector, order, 'settled');
    await eventually(async () => {
      const rows = await connector.database.query(`SELECT FROM top_up WHERE outcome = 'paid'`);
      expect(rows).toHaveLength(1);
    }, PATIENCE);
    await counts(connector);

    expect(later(connector)).toEqual([]);
    for (const { address, units } of await expected(connector))
      expect(units).toBe((await venue.chain.balance(address)).toString());
  });

  it('is what comes later, and nothing while something is missing', async () => {
    const connector = await bench.connector(BY_HAND);
    await isCounted(connector);
    await venue.chain.setBalance(FIRST, parseEther('102.5'));
    await counts(connector);
    await venue.chain.setBalance(FIRST, parseEther('90'));
    await counts(connector);
    await venue.chain.setBalance(FIRST, parseEther('102'));
    await counts(connector);

    await eventually(() => {
      expect(later(connector)).toEqual([
        expect.objectContaining({
          address: FIRST,
          asset: 'ETH.ETH',
          amount: '2.5',
          number: 2,
          wallet: 'hot',
        }),
      ]);
    }, PATIENCE);
  });
});
