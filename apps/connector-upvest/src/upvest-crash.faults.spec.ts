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

async function expectPaidOnce(point: string, order: ContractOrder): Promise<void> {
  const connector = await bench.connector({}, await bench.killedAt(point, order));

  await reaches(connector, order, 'settled');

  expect(await bench.payments(order.amount)).toHaveLength(1);
  expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
}

describe('a process that was killed', () => {
  it.each(POINTS)('%s, %s, has paid once in the end', (point) =>
    expectPaidOnce(point, orderTo(user, '30.01')),
  );

  it.each(POINTS)('at %s of a repeat, %s, has paid once in the end', async (point) => {
    await bench.simulator.arm('POST /payments/withdrawals', 'refuse_with_5xx');

    await expectPaidOnce(`${point}:2`, orderTo(user, '30.02'));
  });

  it.each(POINTS)('at %s of a repeat of what was taken, %s, has paid once', async (point) => {
    await bench.simulator.arm('POST /payments/withdrawals', 'accept_then_5xx');

    await expectPaidOnce(`${point}:2`, orderTo(user, '30.03'));
  });
});
