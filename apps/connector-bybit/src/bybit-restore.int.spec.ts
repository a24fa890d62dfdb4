import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { CommandHandler } from '@sluice/connector-engine';
import {
  benchFor,
  describePutBackRows,
  describeRestores,
  happens,
} from '@sluice/connector-testing';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, uidOrder } from './testing/orders.js';

describeRestores(BYBIT_KIT, [
  {
    name: 'chain withdrawal',
    carriesReference: false,
    order: chainOrder,
    amount: (n) => `${200 + n}.25`,
  },
  { name: 'UID transfer', carriesReference: false, order: uidOrder, amount: (n) => `${600 + n}.5` },
]);

describePutBackRows(BYBIT_KIT, {
  order: chainOrder,
  amount: (n) => `${400 + n}.25`,
});

describe('a question of intake-api about payments that it may have lost', () => {
  const bench = benchFor(BYBIT_KIT);

  it('is answered with the payments that the restored connector does not know, and what they paid', async () => {
    const database = await bench.database();
    await bench.end(await bench.connector({}, database));
    const before = await bench.database(database);
    const order = chainOrder('203.25');
    const payer = await bench.connector({}, database);
    await payer.submit([order]);
    await happens(payer, order, 'withdrawal-settled');
    await bench.end(payer);
    const [payment] = await bench.payments(order.amount);

    const connector = await bench.connector({ refusalLookupAfterMs: 50 }, before);
    const [life, time] = [randomUUID(), new Date().toISOString()];
    await connector.app.get(CommandHandler).handle([
      {
        id: randomUUIDv7(),
        source: 'test',
        subject: NO_WITHDRAWAL,
        time,
        type: 'venue.report-unclaimed.v1',
        data: { withdrawalId: NO_WITHDRAWAL, life, since: time },
      },
    ]);

    const reported = () =>
      connector
        .events(NO_WITHDRAWAL)
        .flatMap((event) => (event.type === 'venue.unclaimed.v1' ? [event.data] : []));
    await eventually(() => expect(reported().at(-1)).toMatchObject({ life }), { withinMs: 15_000 });
    expect(reported().flatMap(({ unclaimed }) => unclaimed)).toContainEqual(
      expect.objectContaining({
        record: payment?.id,
        closed: false,
        payment: expect.stringContaining(`${order.asset.split('.')[0]} ${order.amount} address:`),
      }),
    );
  });
});
