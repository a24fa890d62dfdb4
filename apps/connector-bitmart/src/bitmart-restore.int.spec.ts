import { benchFor, happens, reaches, type TestConnector } from '@sluice/connector-testing';
import { byTwo, eventually } from '@sluice/test-kit';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder, payOutside } from './testing/orders.js';

const bench = benchFor(BITMART_KIT);
const PATIENCE = { withinMs: 15_000 };
const toPhone = (amount: string): string =>
  JSON.stringify({ currency: 'USDT-ETH', amount, type: 3, value: '412345678', areaCode: '61' });

let connector: TestConnector;

beforeEach(async () => {
  connector = await bench.connector();
  await eventually(
    async () =>
      expect((await connector.database.query('SELECT FROM record_cursor')).length).toBeGreaterThan(
        3,
      ),
    PATIENCE,
  );
});

/** As after a restore: the venue has it, nobody here knows of it. A person has looked at the halt and lifted it. */
async function paidAndForgotten(amount: string): Promise<void> {
  await payOutside(bench.simulator, toPhone(amount));
  const { halts } = connector;
  await eventually(
    async () =>
      expect(await halts.inForce()).toContainEqual(expect.objectContaining({ reason: 'orphan' })),
    PATIENCE,
  );
  for (const { id } of await halts.inForce())
    await byTwo((caller) => halts.lift(id, 'every record was looked at', caller));
}

describe('a payment whose record names no recipient, forgotten by a restore', () => {
  it('an equal order is not sent when the halt is lifted: a person decides', async () => {
    const order = accountOrder('phone', '141');
    await paidAndForgotten('141');

    await connector.submit([order]);
    await happens(connector, order, 'submission-unknown');

    expect(await bench.payments('141')).toHaveLength(1);
    const [payment] = await bench.payments('141');
    await connector.decide(order.withdrawalId, {
      decision: 'paid',
      evidence: 'the same order',
      venueReference: payment?.id ?? '',
    });
    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments('141')).toHaveLength(1);
  });

  it('after a decision that a payment is absent, the payment may belong to the next order to a phone; other amounts and named recipients are sent', async () => {
    const [first, second] = [accountOrder('phone', '142'), accountOrder('phone', '142')];
    await paidAndForgotten('142');

    await connector.submit([first]);
    await happens(connector, first, 'submission-unknown');
    await connector.decide(first.withdrawalId, {
      decision: 'absent',
      evidence: 'paid to somebody else',
      venueReference: null,
    });
    await reaches(connector, first, 'refused');
    await connector.submit([second]);
    await happens(connector, second, 'submission-unknown');
    expect(await bench.payments('142')).toHaveLength(1);

    const [other, named] = [accountOrder('phone', '143'), chainOrder('142')];
    await connector.submit([other, named]);
    await happens(connector, other, 'withdrawal-settled');
    await happens(connector, named, 'withdrawal-settled');
  });
});
