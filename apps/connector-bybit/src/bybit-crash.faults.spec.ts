import { benchFor, type ContractOrder } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, uidOrder } from './testing/orders.js';

const bench = benchFor(BYBIT_KIT);

async function endsIn(state: string, database: string, order: ContractOrder): Promise<void> {
  const connector = await bench.connector({}, database);

  await eventually(
    async () => expect((await connector.submission(order.withdrawalId))?.state).toBe(state),
    { withinMs: 25_000 },
  );

  expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
}

const FORMS = [
  ['chain', chainOrder],
  ['uid', uidOrder],
] as const;

describe.each(FORMS)('a process that was killed (%s)', (_form, orderOf) => {
  it.each([
    ['connector.at-answer', 'when Bybit had every byte'],
    ['connector.before-outcome', 'when it had the answer'],
    ['connector.after-outcome', 'when the outcome was stored'],
  ])('%s, %s, has paid once in the end', async (point) => {
    const order = orderOf('30.01');

    await endsIn('settled', await bench.killedAt(point, order), order);

    expect(await bench.simulator.payments()).toHaveLength(1);
  });

  it('connector.after-intent, after the intent was stored and before a byte left: nothing is paid, nothing sent again, and a person decides', async () => {
    const order = orderOf('30.02');

    await endsIn('undecided', await bench.killedAt('connector.after-intent', order), order);

    expect(await bench.simulator.payments()).toEqual([]);
  });
});
