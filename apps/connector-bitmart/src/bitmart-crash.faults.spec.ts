import { benchFor, reaches } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder } from './testing/orders.js';

const bench = benchFor(BITMART_KIT);

describe('a process that was killed', () => {
  it.each([
    [
      'connector.after-intent',
      'after the intent was stored, before a byte left',
      chainOrder('201'),
      0,
      'undecided',
    ],
    ['connector.at-answer', 'when the venue had every byte', chainOrder('202'), 1, 'settled'],
    [
      'connector.before-outcome',
      'when it had the answer',
      accountOrder('cid', '203'),
      1,
      'settled',
    ],
    ['connector.after-outcome', 'when the outcome was stored', chainOrder('204'), 1, 'settled'],
  ] as const)('%s, %s', async (point, _when, order, payments, state) => {
    const connector = await bench.connector({}, await bench.killedAt(point, order));

    await reaches(connector, order, state);

    expect(await bench.payments(order.amount)).toHaveLength(payments);
    expect((await connector.submission(order.withdrawalId))?.attempts).toHaveLength(1);
  });
});
