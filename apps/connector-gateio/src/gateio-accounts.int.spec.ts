import { chainOrder, pushOrder, SECOND } from './testing/orders.js';
import { benchFor, happens, startSimulator } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT } from './testing/gateio-kit.js';

const SECOND_KIT = { ...GATEIO_KIT, venue: SECOND, simulator: () => startSimulator('gateio') };

describe('two accounts at one venue', () => {
  const first = benchFor(GATEIO_KIT);
  const second = benchFor(SECOND_KIT);

  it('each pays its own equal orders once, also after a restart, and none of the other account', async () => {
    const orders = [chainOrder('11.25'), pushOrder('12.5')];
    const others = [chainOrder('11.25'), pushOrder('12.5')];
    const databases = await Promise.all([first.database(), second.database()]);
    const one = await first.connector({}, databases[0]);
    const other = await second.connector({}, databases[1]);
    await one.submit(orders);
    await other.submit(others);
    const restarted = await second.restart(other, databases[1]);

    for (const order of orders) await happens(one, order, 'withdrawal-settled');
    for (const order of others)
      await eventually(async () =>
        expect(await restarted.submission(order.withdrawalId)).toMatchObject({ state: 'settled' }),
      );
    for (const bench of [first, second])
      for (const amount of ['11.25', '12.5']) expect(await bench.payments(amount)).toHaveLength(1);
    for (const connector of [one, restarted]) {
      expect(await connector.halts.inForce()).toEqual([]);
      expect(await connector.violations()).toEqual([]);
    }
    expect(
      one.events(orders[0]?.withdrawalId ?? '').map(({ data }) => 'venue' in data && data.venue),
    ).toContain('gateio');
    expect(await one.submission(others[0]?.withdrawalId ?? '')).toBeNull();
  });

  it('reports under the name of its account', async () => {
    const order = chainOrder('13.25');
    const connector = await second.connector();
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');

    const venues = connector
      .events(order.withdrawalId)
      .map(({ data }) => ('venue' in data ? data.venue : null));
    expect(new Set(venues)).toEqual(new Set([SECOND]));
  });
});

describe('two connectors with the same key by mistake', () => {
  const first = benchFor(GATEIO_KIT);
  const second = benchFor({
    ...SECOND_KIT,
    simulator: () => Promise.resolve({ control: first.simulator, stop: () => Promise.resolve() }),
  });

  it('the order is paid once, and the connector without the order halts', async () => {
    const order = chainOrder('21.25');
    const one = await first.connector();
    const other = await second.connector();
    await one.submit([order]);
    await happens(one, order, 'withdrawal-settled');

    await eventually(async () =>
      expect(await other.halts.inForce()).toMatchObject([{ reason: 'orphan' }]),
    );
    expect(await first.payments('21.25')).toHaveLength(1);
    await other.takeBreaks();
  });
});
