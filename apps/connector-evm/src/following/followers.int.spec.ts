import { benchFor, stateOf } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { kitWith } from '../testing/kit-with.js';
import { orderOf } from '../testing/orders.js';

const bench = benchFor(kitWith({}));
/** Real processes on a busy machine. */
const PATIENCE = { withinMs: 90_000, everyMs: 100 };

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
});
