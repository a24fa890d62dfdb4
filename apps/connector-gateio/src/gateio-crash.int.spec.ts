import { benchFor, reaches, type ContractOrder } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);

async function attemptsOf(
  order: ContractOrder,
  state: string,
  database: string,
): Promise<readonly string[] | undefined> {
  const connector = await bench.connector({}, database);

  await reaches(connector, order, state);

  return (await connector.submission(order.withdrawalId))?.attempts.map((attempt) => attempt.state);
}

const PAID = [
  ['connector.at-answer', 'when Gate had every byte'],
  ['connector.before-outcome', 'when it had the answer'],
  ['connector.after-outcome', 'when the outcome was stored'],
] as const;

describe('a process that was killed', () => {
  it.each(PAID)('%s, %s of a withdrawal: found by our key, paid once', async (point) => {
    const order = chainOrder('30.01');

    expect(await attemptsOf(order, 'settled', await bench.killedAt(point, order))).toEqual([
      'accepted',
    ]);
    expect(await bench.payments('30.01')).toHaveLength(1);
  });

  it.each(PAID)('%s, %s of a push: found by its fields, paid once', async (point) => {
    const order = pushOrder('30.02');

    expect(await attemptsOf(order, 'settled', await bench.killedAt(point, order))).toEqual([
      'accepted',
    ]);
    expect(await bench.payments('30.02')).toHaveLength(1);
  });

  it('connector.after-intent, after the intent was stored and before a byte left: a withdrawal is proven absent and sent once more', async () => {
    const order = chainOrder('30.03');

    expect(
      await attemptsOf(order, 'settled', await bench.killedAt('connector.after-intent', order)),
    ).toEqual(['absent', 'accepted']);
    expect(await bench.payments('30.03')).toHaveLength(1);
  });

  it('connector.after-intent of a push: nothing is paid, nothing sent again, and a person decides', async () => {
    const order = pushOrder('30.04');

    expect(
      await attemptsOf(order, 'undecided', await bench.killedAt('connector.after-intent', order)),
    ).toEqual(['undecided']);
    expect(await bench.payments('30.04')).toEqual([]);
  });
});
