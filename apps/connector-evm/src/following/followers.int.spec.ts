import { setTimeout as sleep } from 'node:timers/promises';
import { benchFor, stateOf } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { kitWith } from '../testing/wallet-kit.js';
import { orderOf } from '../testing/orders.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { FollowerTurns } from './followers.js';

const bench = benchFor(kitWith({}));
/** Real processes on a busy machine. */
const PATIENCE = { withinMs: 90_000, everyMs: 100 };

const FOREIGN = '00000000-0000-4000-8000-000000000000';

interface LeaseRow {
  readonly owner: string;
  readonly token: number;
  readonly is_free: boolean;
}

async function leaseIn(database: string): Promise<LeaseRow | undefined> {
  const { rows } = await withClient(database, (client) =>
    client.query<LeaseRow>(
      'SELECT owner, token::int, until <= clock_timestamp() AS is_free FROM chain_follower',
    ),
  );
  return rows[0];
}

describe('the followers of one chain', () => {
  it('one that ends gives its lease back, so that another goes on at once', async () => {
    const database = await bench.database();
    const first = await bench.connector({}, database);
    const before = await eventually(async () => {
      const lease = await leaseIn(database);
      expect(lease).toMatchObject({ is_free: false });
      return lease;
    }, PATIENCE);

    await bench.end(first);

    expect(await leaseIn(database)).toMatchObject({ owner: before?.owner, is_free: true });
    await bench.connector({}, database);
    await eventually(async () => {
      const lease = await leaseIn(database);
      expect(lease?.owner).not.toBe(before?.owner);
      expect(lease?.token).toBe((before?.token ?? 0) + 1);
    }, PATIENCE);
  });

  it('poll a chain seldom while nothing of ours waits, and a payment ends the rest', async () => {
    const database = await bench.database();
    const connector = await bench.connector({}, database);
    const looks = async (forMs: number): Promise<number> => {
      const seen = new Set<string>();
      for (const until = performance.now() + forMs; performance.now() < until; await sleep(50)) {
        const [row] = await connector.database.query<{ at: string }>(
          'SELECT looked_at::text AS at FROM chain_follower',
        );
        if (row) seen.add(row.at);
      }
      return seen.size;
    };
    await eventually(async () => expect(await looks(3_000)).toBe(1), PATIENCE);
    const settledAfterMs: number[] = [];
    for (const amount of ['0.177', '0.178', '0.179']) {
      const order = orderOf('ETH.ETH', amount);
      const began = performance.now();

      await connector.submit([order]);

      await eventually(
        async () => expect(await stateOf(connector, order)).toBe('settled'),
        PATIENCE,
      );
      settledAfterMs.push(performance.now() - began);
      expect(await bench.payments(amount)).toHaveLength(1);
    }
    // The rest is 5 s, and begins again after each payment. A busy machine may delay a payment.
    expect(Math.min(...settledAfterMs)).toBeLessThan(4_500);
  });

  it('share the payments of one database, each paid once', async () => {
    const database = await bench.database();
    const first = await bench.connector({}, database);
    const second = await bench.connector({}, database);
    const orders = Array.from({ length: 20 }, (_, n) =>
      orderOf(n % 2 === 0 ? 'ETH.ETH' : 'USDT.ETH', `0.${n * 10 + 101}`),
    );

    await Promise.all([first.submit(orders.slice(0, 10)), second.submit(orders.slice(10))]);

    await eventually(async () => {
      const states = await Promise.all(orders.map((order) => stateOf(first, order)));
      expect(states).toEqual(orders.map(() => 'settled'));
    }, PATIENCE);
    const paid = await Promise.all(orders.map(({ amount }) => bench.payments(amount)));
    expect(paid.map(({ length }) => length)).toEqual(orders.map(() => 1));
  });

  it('a lease written to a foreign owner stops the chain for at most a minute', async () => {
    const database = await bench.database();
    const connector = await bench.connector({}, database);
    const chain = connector.app.get(WalletChains).of('ETH');
    await eventually(async () => expect(await leaseIn(database)).toBeDefined(), PATIENCE);
    await connector.service.query(
      `UPDATE chain_follower SET owner = $1, until = '2036-01-01', token = token + 1`,
      [FOREIGN],
    );
    const turns = connector.app.get(FollowerTurns);
    await eventually(async () => expect(await turns.take(chain)).toBeNull(), { withinMs: 4_000 });

    expect(await aMinuteLater(() => turns.take(chain))).toMatchObject({
      lease: { network: 'ETH' },
    });
    expect((await leaseIn(database))?.owner).not.toBe(FOREIGN);
  });
});

/** Runs the work with a monotonic clock 61 seconds ahead. */
async function aMinuteLater<T>(work: () => Promise<T>): Promise<T> {
  const { now } = performance;
  performance.now = () => now.call(performance) + 61_000;
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}
