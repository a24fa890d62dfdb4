import { benchFor, reaches, type ContractOrder } from '@sluice/connector-testing';
import { firstUserOf, orderTo, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = benchFor(UPVEST_KIT);
let user: TestUser;

beforeAll(async () => void (user = await firstUserOf(bench.simulator)));

const POINTS = [
  ['connector.after-intent', 'after the intent was stored, before a byte left'],
  ['connector.at-answer', 'when the venue had every byte'],
  ['connector.before-outcome', 'when it had the answer'],
  ['connector.after-outcome', 'when the outcome was stored'],
] as const;

async function expectPaidOnce(database: string, order: ContractOrder): Promise<void> {
  const connector = await bench.connector({}, database);

  await reaches(connector, order, 'settled');

  expect(await bench.payments(order.amount)).toHaveLength(1);
  expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
}

describe('a process that was killed', () => {
  it.each(POINTS)('%s, %s, has paid once in the end', async (point) => {
    const order = orderTo(user, '30.01');

    await expectPaidOnce(await bench.killedAt(point, order), order);
  });

  it.each(POINTS)('at %s of a repeat, %s, has paid once in the end', async (point) => {
    const order = orderTo(user, '30.02');
    await bench.simulator.arm('POST /payments/withdrawals', 'refuse_with_5xx');

    await expectPaidOnce(await bench.killedAt(`${point}:2`, order), order);
  });

  it.each(POINTS)(
    'at %s of a repeat of what was taken, %s, has paid once in the end',
    async (point) => {
      const order = orderTo(user, '30.03');
      await bench.simulator.arm('POST /payments/withdrawals', 'accept_then_5xx');

      await expectPaidOnce(await bench.killedAt(`${point}:2`, order), order);
    },
  );
});
