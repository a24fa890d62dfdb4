import { benchFor, stateOf, type TestConnector } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { parseGwei, type Address } from 'viem';
import { kitWith } from '../testing/wallet-kit.js';
import { orderOf, signedTransfer } from '../testing/orders.js';
import { HOT_WALLETS, type WalletVenue } from '../testing/wallet-venue.js';

const PATIENCE = { withinMs: 90_000 };
/** What somebody else spends would halt the wallet, and is none of this test. */
const UNWATCHED = { recordIntervalMs: 3_600_000 };

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ blockTimeMs: 0, confirmations: 2 }, (started) => {
    venue = started;
  }),
);

async function pays(connector: TestConnector, amount: string): Promise<void> {
  const order = orderOf('ETH.ETH', amount);
  await connector.submit([order]);
  await eventually(async () => {
    await venue.chain.mine();
    expect(await stateOf(connector, order)).toBe('settled');
  }, PATIENCE);
}

/** As a life that nobody remembers has done it. */
async function sendsForgotten(address: Address, nonce: number): Promise<void> {
  const from = HOT_WALLETS.indexOf(address);
  const { raw } = await signedTransfer(venue.chain, { nonce, from, maxFee: parseGwei('150') });
  await venue.chain.client.sendRawTransaction({ serializedTransaction: raw });
  await venue.chain.mine(3);
}

describe('an address whose chain has used nonces that nobody here has on record', () => {
  it('goes on behind them at the next start, and puts them on record from the chain', async () => {
    const database = await bench.database();
    const first = await bench.connector(UNWATCHED, database);
    await pays(first, '0.011');
    const [paid] = await first.database.query<{ address: Address }>('SELECT address FROM nonce');
    const address = paid?.address ?? '0x';
    await bench.end(first);
    for (const nonce of [1, 2]) await sendsForgotten(address, nonce);

    const second = await bench.connector(UNWATCHED, database);
    await eventually(async () => {
      await venue.chain.mine();
      const lanes = await second.database.query(
        'SELECT next_nonce::int, complete_from::int, unread_nonce FROM lane WHERE address = $1',
        [address],
      );
      expect(lanes).toEqual([{ next_nonce: 3, complete_from: 3, unread_nonce: null }]);
    }, PATIENCE);

    expect(
      await second.database.query('SELECT nonce::int FROM forgotten_transaction ORDER BY nonce'),
    ).toEqual([{ nonce: 1 }, { nonce: 2 }]);
    expect(await second.violations()).toEqual([]);
  });
});
