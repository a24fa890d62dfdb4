import { benchFor, happens, type TestConnector } from '@sluice/connector-testing';
import { NO_WITHDRAWAL, type Message, type WalletEventsTopic } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { kitWith } from '../testing/wallet-kit.js';
import { orderOf } from '../testing/orders.js';
import type { WalletVenue } from '../testing/wallet-venue.js';

type BlockSeen = Extract<Message<WalletEventsTopic>, { type: 'venue.block-seen.v1' }>['data'];

const BLOCK_SEEN: string = 'block-seen';
const PATIENCE = { withinMs: 60_000 };

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ blockTimeMs: 0, confirmations: 4, stuckAfterBlocks: 2 }, (started) => {
    venue = started;
  }),
);

afterEach(async () => {
  await venue.chain.dropAll();
});

describe('what clients see of a block', () => {
  const seen = (connector: TestConnector) =>
    connector
      .events(NO_WITHDRAWAL)
      .filter((event) => event.type === `venue.${BLOCK_SEEN}.v1`)
      .map(({ data }): Partial<BlockSeen> => data);
  /** One block, looked at. */
  const mines = async (connector: TestConnector) => {
    await venue.chain.mine();
    const head = (await venue.chain.head()).toString();
    await eventually(async () => {
      const [row] = await connector.database.query<{ head: string }>(
        'SELECT head_number::text AS head FROM chain_follower',
      );
      expect(row?.head).toBe(head);
    }, PATIENCE);
    return head;
  };
  const sent = async (connector: TestConnector, ...amounts: string[]) => {
    const orders = amounts.map((amount) => orderOf('USDT.ETH', amount));
    await connector.submit(orders);
    for (const order of orders) await happens(connector, order, 'withdrawal-broadcast');
    return orders;
  };

  it('is reported for each block while payments wait in one, once for all of them, and not before or after', async () => {
    const connector = await bench.connector();
    await mines(connector);
    const orders = await sent(connector, '2.01', '2.02');
    expect(seen(connector)).toEqual([]);

    const first = await mines(connector);
    const later = [await mines(connector), await mines(connector)];
    await mines(connector);
    for (const order of orders) await happens(connector, order, 'withdrawal-settled');
    await mines(connector);
    await mines(connector);

    await eventually(() => expect(seen(connector)).toHaveLength(3), PATIENCE);
    const [mined, ...waiting] = seen(connector);
    expect(mined?.blockNumber).toBe(first);
    expect(mined?.payments?.map(({ withdrawalId }) => withdrawalId).sort()).toEqual(
      orders.map(({ withdrawalId }) => withdrawalId).sort(),
    );
    expect(mined?.payments).toMatchObject([{ blockNumber: first }, { blockNumber: first }]);
    expect(waiting.map(({ blockNumber }) => blockNumber)).toEqual(later);
    for (const { payments } of waiting) expect(payments).toEqual([]);
  });

  it('is that a payment is in no block any more, after a reorganisation', async () => {
    const connector = await bench.connector();
    const [order] = await sent(connector, '2.03');
    await mines(connector);
    await venue.chain.reorg(1);

    await eventually(() => {
      expect(seen(connector).flatMap(({ payments = [] }) => payments)).toContainEqual({
        withdrawalId: order?.withdrawalId,
        txHash: null,
        blockNumber: null,
      });
    }, PATIENCE);
  });

  it('is the new hash of a payment as soon as it is replaced', async () => {
    const connector = await bench.connector();
    const [order] = await sent(connector, '2.04');
    const hashes = async () => {
      const rows = await connector.database.query<{ hash: string }>(
        `SELECT t.hash FROM transaction t JOIN nonce n USING (network, address, nonce) WHERE n.withdrawal_id = $1 ORDER BY t.signed_at`,
        [order?.withdrawalId],
      );
      return rows.map(({ hash }) => hash);
    };
    // Blocks that are too dear for it: it stays in the pool.
    await eventually(async () => {
      await venue.chain.nextBaseFee(50n * 10n ** 9n);
      await venue.chain.mine();
      expect((await hashes()).length).toBeGreaterThan(1);
    }, PATIENCE);

    const [, second] = await hashes();
    await eventually(() => {
      expect(seen(connector).flatMap(({ payments = [] }) => payments)).toContainEqual({
        withdrawalId: order?.withdrawalId,
        txHash: second,
        blockNumber: null,
      });
    }, PATIENCE);
  });
});
