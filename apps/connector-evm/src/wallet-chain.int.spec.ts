import { benchFor, happens, types, type TestConnector } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import type { Hex } from 'viem';
import { orderOf } from './testing/orders.js';
import { kitWith } from './testing/wallet-kit.js';
import type { WalletVenue } from './testing/wallet-venue.js';

let venue: WalletVenue;
const bench = benchFor(
  kitWith({ blockTimeMs: 0, confirmations: 3, stuckAfterBlocks: 2 }, (started) => {
    venue = started;
  }),
);

interface Tx {
  readonly hash: Hex;
  readonly kind: string;
  readonly block_number: string | null;
  readonly max_fee: string;
  readonly max_priority_fee: string;
  readonly raw: Hex;
  readonly is_sent: boolean;
}

const PATIENCE = { withinMs: 60_000 };

const transactionsOf = (connector: TestConnector, withdrawalId: string): Promise<Tx[]> =>
  connector.database.query<Tx>(
    `SELECT t.hash, t.kind, t.block_number::text, t.max_fee::text, t.max_priority_fee::text, t.raw, t.sent_at IS NOT NULL AS is_sent
       FROM transaction t JOIN nonce n USING (network, address, nonce) WHERE n.withdrawal_id = $1 ORDER BY t.signed_at`,
    [withdrawalId],
  );

async function isMined(connector: TestConnector, withdrawalId: string): Promise<void> {
  await eventually(async () => {
    const rows = await transactionsOf(connector, withdrawalId);
    expect(rows.some(({ block_number: block }) => block !== null)).toBe(true);
  }, PATIENCE);
}

/** One block at a time, so that each is looked at. */
async function blocksUntil(check: () => Promise<void>): Promise<void> {
  await eventually(async () => {
    await venue.chain.mine();
    await check();
  }, PATIENCE);
}

afterEach(async () => {
  await venue.chain.dropAll();
});

describe('what the chain does', () => {
  it('is settled by depth and not before: a payment in a block is no proof', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '1.01');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');

    await venue.chain.mine();
    await isMined(connector, order.withdrawalId);
    expect(types(connector, order)).not.toContain('withdrawal-settled');

    await venue.chain.mine(2);
    await happens(connector, order, 'withdrawal-settled');
  });

  it('a reorganisation takes a payment back: the same bytes are sent again, and it is paid once', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '1.02');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');
    await venue.chain.mine();
    await isMined(connector, order.withdrawalId);

    await venue.chain.reorg(1);
    expect(await bench.payments('1.02')).toHaveLength(0);
    await blocksUntil(async () =>
      expect((await connector.submission(order.withdrawalId))?.state).toBe('settled'),
    );

    expect(await bench.payments('1.02')).toHaveLength(1);
    expect(await transactionsOf(connector, order.withdrawalId)).toHaveLength(1);
  });

  it('a payment that every node has thrown away is sent again, and never taken for failed', async () => {
    const connector = await bench.connector();
    const order = orderOf('ETH.ETH', '0.0103');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');

    await venue.chain.dropAll();
    await blocksUntil(async () =>
      expect((await connector.submission(order.withdrawalId))?.state).toBe('settled'),
    );

    expect(await bench.payments('0.0103')).toHaveLength(1);
  });

  it('what is stuck is replaced by more than an eighth in both fees, and paid once', async () => {
    const connector = await bench.connector();
    const order = orderOf('ETH.ETH', '0.0104');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');
    const [first] = await transactionsOf(connector, order.withdrawalId);

    // Blocks that are too dear for it: it stays in the pool.
    await eventually(async () => {
      await venue.chain.nextBaseFee(50n * 10n ** 9n);
      await venue.chain.mine();
      expect((await transactionsOf(connector, order.withdrawalId)).length).toBeGreaterThan(1);
    }, PATIENCE);

    const [, second] = await transactionsOf(connector, order.withdrawalId);
    expect(BigInt(second?.max_fee ?? 0) * 8n).toBeGreaterThanOrEqual(
      BigInt(first?.max_fee ?? 0) * 9n,
    );
    expect(BigInt(second?.max_priority_fee ?? 0) * 8n).toBeGreaterThanOrEqual(
      BigInt(first?.max_priority_fee ?? 0) * 9n,
    );
    await blocksUntil(async () =>
      expect((await connector.submission(order.withdrawalId))?.state).toBe('settled'),
    );
    expect(await bench.payments('0.0104')).toHaveLength(1);
  });

  it('a cancel puts a void in its place, and is believed when that is final', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '1.05');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');

    await connector.cancel(order.withdrawalId);
    await eventually(async () => {
      const rows = await transactionsOf(connector, order.withdrawalId);
      expect(rows.map(({ kind }) => kind)).toEqual(['payment', 'void']);
      expect(rows.at(-1)?.is_sent).toBe(true); // before that a block would still take the payment
    }, PATIENCE);
    expect(types(connector, order)).not.toContain('withdrawal-failed');
    await blocksUntil(async () =>
      expect((await connector.submission(order.withdrawalId))?.state).toBe('failed'),
    );

    expect(await bench.payments('1.05')).toEqual([]);
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({ cancelled: true });
  });

  it('a cancel that comes too late is refused, and the payment stands', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '1.06');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');
    await venue.chain.mine();
    await isMined(connector, order.withdrawalId);

    await connector.cancel(order.withdrawalId);
    await blocksUntil(async () =>
      expect((await connector.submission(order.withdrawalId))?.state).toBe('settled'),
    );

    expect(await bench.payments('1.06')).toHaveLength(1);
    await happens(connector, order, 'cancel-refused');
  });

  it('a reorganisation below what was final opens a case, rewrites nothing, and the bytes are sent again', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '1.07');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-broadcast');
    await venue.chain.mine();
    await isMined(connector, order.withdrawalId);
    await venue.chain.mine(2);
    await happens(connector, order, 'withdrawal-settled');

    await venue.chain.reorg(3);
    await blocksUntil(async () => {
      const submission = await connector.submission(order.withdrawalId);
      expect(submission?.cases.map(({ kind }) => kind)).toEqual(['contrary_after_end']);
    });

    expect((await connector.submission(order.withdrawalId))?.state).toBe('settled');
    await blocksUntil(async () => expect(await bench.payments('1.07')).toHaveLength(1));
  });
});
