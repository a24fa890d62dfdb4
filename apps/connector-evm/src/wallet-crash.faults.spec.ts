import { benchFor, reaches, type ContractOrder } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { orderOf } from './testing/orders.js';
import { kitWith } from './testing/wallet-kit.js';

const bench = benchFor(kitWith({ stuckAfterBlocks: 2 }));

const PATIENCE = { withinMs: 20_000 };
let n = 0;

const POINTS = [
  ['wallet.after-lease', 'its nonce was leased and nothing signed'],
  ['wallet.after-signature', 'it was signed and not yet asked for (K15)'],
  ['connector.after-intent', 'the intent was stored, before it was let go'],
  ['wallet.after-release', 'it was let go and not yet sent'],
  ['wallet.after-send', 'a node had it and nobody noted that (K16)'],
  ['connector.before-outcome', 'it was noted and has no outcome'],
  ['connector.after-outcome', 'its outcome was stored'],
  ['wallet.after-look', 'its receipt was seen and not yet recorded (K18)'],
] as const;

/** Here the payment is signed and has no attempt; the next process sends the bytes. */
const UNCLAIMED = 'wallet.after-signature';

async function expectPaidOnce(
  database: string,
  order: ContractOrder,
  attempts: number,
): Promise<void> {
  const connector = await bench.connector({}, database);

  await reaches(connector, order, 'settled');

  expect(await bench.payments(order.amount)).toHaveLength(1);
  expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(attempts);
  const nonces = await connector.database.query(`SELECT FROM nonce WHERE withdrawal_id = $1`, [
    order.withdrawalId,
  ]);
  expect(nonces).toHaveLength(1);
}

describe('a process that was killed', () => {
  it.each(POINTS)('at %s, when %s, has paid once in the end', async (point) => {
    const order = orderOf('USDT.ETH', `30.${++n}1`);

    await expectPaidOnce(await bench.killedAt(point, order), order, point === UNCLAIMED ? 0 : 1);
  });

  it.each(['wallet.after-signature', 'wallet.after-release', 'wallet.after-send'])(
    'at %s of one in a batch of its address leaves no gap behind',
    async (point) => {
      const [killed, next] = [orderOf('ETH.ETH', `0.3${++n}1`), orderOf('ETH.ETH', `0.4${++n}1`)];
      const database = await bench.killedAt(point, killed);
      const connector = await bench.connector({}, database);

      await connector.submit([next]);

      await reaches(connector, killed, 'settled');
      await reaches(connector, next, 'settled');
    },
  );

  it('leaves a nonce that nobody wants any more: a void takes it, and it never pays', async () => {
    const [late, next] = [orderOf('ETH.ETH', `0.5${++n}1`), orderOf('ETH.ETH', `0.6${++n}1`)];
    const database = await bench.killedAt('wallet.after-signature', late);
    await withClient(database, (client) =>
      client.query(`UPDATE submission SET not_after = now() - interval '1 second'`),
    );

    const connector = await bench.connector({}, database);
    await connector.submit([next]);

    await reaches(connector, late, 'refused');
    await reaches(connector, next, 'settled');
    await eventually(async () => {
      const [nonce] = await connector.database.query<object>(
        'SELECT purpose, state, outcome FROM nonce WHERE withdrawal_id = $1',
        [late.withdrawalId],
      );
      expect(nonce).toEqual({ purpose: 'void', state: 'final', outcome: 'void' });
    }, PATIENCE);
    expect(await bench.payments(late.amount)).toEqual([]);
  });
});
