import { randomUUID } from 'node:crypto';
import {
  benchFor,
  describePutBackRows,
  describeRestores,
  happens,
  stateOf,
} from '@sluice/connector-testing';
import { byTwo, eventually } from '@sluice/test-kit';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

describeRestores(GATEIO_KIT, [
  {
    name: 'chain withdrawal',
    carriesReference: true,
    order: chainOrder,
    amount: (n) => `${200 + n}.25`,
  },
  {
    name: 'UID transfer',
    carriesReference: false,
    order: pushOrder,
    amount: (n) => `${600 + n}.5`,
  },
]);

describePutBackRows(GATEIO_KIT, {
  order: chainOrder,
  amount: (n) => `${400 + n}.25`,
});

describe('a start with everything halted', () => {
  const bench = benchFor(GATEIO_KIT);

  it('sends nothing until two people lift it, reads the record meanwhile, and is halted once by one name', async () => {
    const halted = { startHalted: randomUUID() };
    const database = await bench.database();
    const order = chainOrder('301.25');
    const connector = await bench.connector(halted, database);
    await connector.submit([order]);
    await eventually(async () =>
      expect(
        (await connector.database.query('SELECT 1 FROM record_cursor')).length,
      ).toBeGreaterThan(0),
    );
    const second = await bench.restart(connector, database, halted);
    const halts = await second.halts.inForce();
    expect(halts.map(({ scope, subject }) => [scope, subject])).toEqual([
      ['all', halted.startHalted],
    ]);
    expect(await stateOf(second, order)).toBe('prepared');

    await byTwo((caller) => second.halts.lift(halts[0]?.id ?? '', 'compared', caller));
    await happens(second, order, 'withdrawal-settled');

    const third = await bench.restart(second, database, halted);
    // a lift is in force once the new process has verified its seal
    await eventually(async () => expect(await third.halts.inForce()).toEqual([]));
  });
});
