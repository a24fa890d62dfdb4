import { benchFor, type TestConnector } from '@sluice/connector-testing';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { parseEther, type Address } from 'viem';
import { WalletChains } from '../chain/wallet-chains.js';
import { WAITING } from '../lanes/lanes.js';
import { kitWith } from '../testing/wallet-kit.js';
import { HOT_WALLETS, TANK, type WalletVenue } from '../testing/wallet-venue.js';
import { GasTank } from './gas-tank.js';

const PATIENCE = { withinMs: 30_000 };
const [FIRST, SECOND] = HOT_WALLETS as [Address, Address];
/** One top-up fits into a day, a second one does not. The signer signs none above 1. */
const TOP_UPS = { below: '0.5', upTo: '1', mostPerDay: '1.5' };
const WEI = `${75n * 10n ** 16n}`;

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ blockTimeMs: 0, confirmations: 3, topUps: TOP_UPS }, (started) => {
    venue = started;
  }),
);

interface TopUpRow {
  readonly to_address: string;
  readonly amount: string;
  readonly nonce: string;
  readonly outcome: string | null;
}

describe('the gas tank', () => {
  beforeEach(async () => {
    for (const address of HOT_WALLETS) await venue.chain.setBalance(address, parseEther('9'));
    await venue.chain.setBalance(TANK, parseEther('100'));
    await venue.chain.dropAll();
  });

  const topUps = (connector: TestConnector) =>
    connector.database.query<TopUpRow>(
      'SELECT to_address, amount::text, nonce::text, outcome FROM top_up ORDER BY begun_at',
    );
  const facts = (connector: TestConnector, type: string) =>
    connector
      .events(NO_WITHDRAWAL)
      .filter((event) => event.type === `venue.${type}.v1`)
      .map(({ data }) => data);
  /** One block at a time, so that each is looked at. */
  const blocksUntil = (check: () => Promise<void>) =>
    eventually(async () => {
      await venue.chain.mine();
      await check();
    }, PATIENCE);
  const lanesAre = (connector: TestConnector) =>
    eventually(
      async () => expect(await connector.database.query('SELECT FROM lane')).toHaveLength(3),
      PATIENCE,
    );
  const isPaid = async (connector: TestConnector) =>
    expect(await topUps(connector)).toMatchObject([{ outcome: 'paid' }]);

  it('fills a wallet that has little, once, and tells so when it is final', async () => {
    await venue.chain.setBalance(FIRST, parseEther('0.25'));
    const connector = await bench.connector();
    await blocksUntil(() => isPaid(connector));

    expect(await venue.chain.balance(FIRST)).toBe(parseEther('1'));
    await eventually(() => {
      expect(facts(connector, 'gas-topped-up')).toMatchObject([
        {
          venue: 'wallet',
          network: 'ETH',
          asset: 'ETH.ETH',
          amount: '0.75',
          from: TANK,
          to: FIRST,
        },
      ]);
      expect(facts(connector, 'gas-spent')).toMatchObject([
        { from: TANK, wallet: 'tank', purpose: 'top_up', asset: 'ETH.ETH' },
      ]);
    }, PATIENCE);
    expect(await topUps(connector)).toMatchObject([{ to_address: FIRST, amount: WEI }]);
  });

  it('counts for paying only when it is final', async () => {
    await venue.chain.setBalance(FIRST, parseEther('0.25'));
    const connector = await bench.connector();
    const reserved = async () => {
      const rows = await connector.database.query<{ address: string; amount: string }>(WAITING, [
        'ETH',
        await venue.chain.head(),
      ]);
      return rows.filter(({ address }) => address === FIRST).map(({ amount }) => amount);
    };
    await eventually(async () => expect(await venue.chain.pool()).toHaveLength(1), PATIENCE);
    expect(await reserved()).toEqual([]);

    await venue.chain.mine();
    await eventually(async () => expect(await reserved()).toEqual([WEI]), PATIENCE);

    await blocksUntil(() => isPaid(connector));
    expect(await reserved()).toEqual([]);
  });

  it('gives no more in a day than it may', async () => {
    await venue.chain.setBalance(FIRST, parseEther('0.1'));
    await venue.chain.setBalance(SECOND, parseEther('0.2'));
    const connector = await bench.connector();
    await blocksUntil(() => isPaid(connector));

    await venue.chain.mine(5);

    expect(await topUps(connector)).toMatchObject([{ to_address: FIRST, outcome: 'paid' }]);
    expect(await venue.chain.balance(SECOND)).toBe(parseEther('0.2'));
  });

  it('begins no other soon after one that the signer has refused: each costs the gas of a void', async () => {
    await venue.chain.setBalance(FIRST, parseEther('0.25'));
    const url = await bench.database();
    const first = await bench.connector({}, url);
    await lanesAre(first);
    await first.database.query(begunByTheDead('1.000000000000000001'), [TANK, SECOND]);
    const connector = await bench.restart(first, url);
    const ended = () =>
      connector.database.query<TopUpRow>(
        'SELECT to_address, outcome FROM top_up WHERE ended_at IS NOT NULL ORDER BY to_address',
      );

    await blocksUntil(async () =>
      expect(await ended()).toEqual(
        [
          { to_address: SECOND, outcome: 'void' },
          { to_address: FIRST, outcome: 'paid' },
        ].sort((a, b) => (a.to_address < b.to_address ? -1 : 1)),
      ),
    );

    expect(await venue.chain.balance(SECOND)).toBe(parseEther('9'));
    await venue.chain.setBalance(SECOND, parseEther('0.25'));
    await connector.app.get(GasTank).look(connector.app.get(WalletChains).of('ETH'));
    expect(await topUps(connector)).toHaveLength(2);
  });

  it('signs what a process had begun when it died, under the same nonce', async () => {
    const url = await bench.database();
    const first = await bench.connector({}, url);
    await lanesAre(first);
    const [begun] = await first.database.query<{ nonce: string }>(begunByTheDead('0.25'), [
      TANK,
      FIRST,
    ]);
    const connector = await bench.restart(first, url);

    await blocksUntil(() => isPaid(connector));

    expect(await topUps(connector)).toMatchObject([{ nonce: begun?.nonce, to_address: FIRST }]);
    expect(await venue.chain.balance(FIRST)).toBe(parseEther('9.25'));
  });
});

/** A lease of the tank and its top-up of so many coins, committed, and nothing signed. */
const begunByTheDead = (coins: string) => `
  WITH l AS (
    UPDATE lane SET next_nonce = next_nonce + 1 WHERE network = 'ETH' AND address = $1 RETURNING next_nonce - 1 AS nonce),
  n AS (
    INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient, gas_reserve)
    SELECT 'ETH', $1, l.nonce, 'top_up', 'ETH.ETH', 18, ${parseEther(coins)}, $2, 1 FROM l),
  u AS (
    INSERT INTO top_up (network, from_address, to_address, amount, nonce) SELECT 'ETH', $1, $2, ${parseEther(coins)}, l.nonce FROM l)
  SELECT nonce::text FROM l`;
