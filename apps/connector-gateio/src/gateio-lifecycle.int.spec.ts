import { setTimeout as sleep } from 'node:timers/promises';
import { benchFor, happens, stateOf, types, type ContractOrder } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT, WIDE_PLAN } from './testing/gateio-kit.js';
import { chainOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);

describe('what waits to be sent', () => {
  it('is shown with what keeps it back while the record of the venue cannot be read', async () => {
    await bench.simulator.arm('GET /wallet/push', 'refuse_with_5xx', { times: 3 });
    const connector = await bench.connector();
    const order = chainOrder('16');
    await connector.submit([order]);

    await eventually(async () =>
      expect(await connector.submission(order.withdrawalId)).toMatchObject({
        awaited: expect.stringContaining(
          'nothing is sent now: the record of the venue is not read through yet: ',
        ) as string,
      }),
    );

    await happens(connector, order, 'withdrawal-settled');
  });

  it('what was lost on its way and is ordered again after its time to begin is looked up, refused as expired, and never sent', async () => {
    const connector = await bench.connector();
    const order = chainOrder('17');
    const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();

    await connector.submit([order], ago(240), { orderedAt: ago(300) });

    await happens(connector, order, 'submission-refused');
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({ reason: 'expired' });
    expect(await bench.payments('17')).toEqual([]);
  });
});

describe('a new order at a venue with a turn', () => {
  it('is stored together with its intent, and leaves in the same moment', async () => {
    const connector = await bench.connector({ ratePlan: WIDE_PLAN });
    const [first, second] = [chainOrder('60'), chainOrder('61')];
    await connector.submit([first]); // reads the fees
    await happens(connector, first, 'withdrawal-settled');

    await connector.submit([second]);

    await happens(connector, second, 'withdrawal-settled');
    expect(await bench.payments('61')).toHaveLength(1);
    const [row] = await connector.database.query(
      `SELECT s.attempt, a.intended_at = s.created_at AS is_at_once FROM submission s JOIN attempt a USING (withdrawal_id) WHERE withdrawal_id = $1`,
      [second.withdrawalId],
    );
    expect(row).toEqual({ attempt: 1, is_at_once: true });
    expect(await connector.violations()).toEqual([]);
  });
});

describe('what is never sent', () => {
  it('what a halted venue lets wait: it is given back at its deadline while the halt lasts, and what is under way is not', async () => {
    const database = await bench.database();
    const change = { ...(await bench.otherKey('read_only')), haltMs: 60_000 };
    const [connector, other] = [
      await bench.connector(change, database),
      await bench.connector(change, database),
    ];
    const [halting, ...waiting] = [chainOrder('25'), chainOrder('26'), chainOrder('27')] as const;
    await connector.submit([halting]);
    await eventually(async () =>
      expect((await connector.submission(halting.withdrawalId))?.attempts).not.toEqual([]),
    );

    await connector.submit(waiting, new Date(Date.now() + 700).toISOString());

    const published = (order: ContractOrder) =>
      [connector, other]
        .flatMap((one) => types(one, order))
        .filter((type) => type !== 'submission-scheduled');
    for (const order of waiting) {
      await eventually(() => expect(published(order)).toEqual(['submission-refused']), {
        withinMs: 10_000,
      });
      expect(await connector.submission(order.withdrawalId)).toMatchObject({
        state: 'refused',
        reason: 'expired',
        attempts: [],
      });
    }
    expect(await stateOf(connector, halting)).toBe('prepared'); // it has no deadline
    expect([...(await bench.payments('26')), ...(await bench.payments('27'))]).toEqual([]);
    expect(await connector.violations()).toEqual([]);
  });

  it('one whose connector may not send yet: its time runs out all the same', async () => {
    const connector = await bench.connector(await bench.otherKey('withdrawal_only'));
    const order = chainOrder('28');

    await connector.submit([order], new Date(Date.now() + 100).toISOString());

    await happens(connector, order, 'submission-refused');
    expect(connector.gate.startFault).not.toBeNull();
    expect(await connector.submission(order.withdrawalId)).toMatchObject({
      reason: 'expired',
      attempts: [],
    });
  });

  it('nothing, while the key cannot read the records it would need to find a payment again', async () => {
    const connector = await bench.connector(await bench.otherKey('withdrawal_only'));
    const order = chainOrder('24');

    await connector.submit([order]);
    await eventually(() =>
      expect(connector.gate.startFault).toMatch(/withdrawal records cannot be read/),
    );
    await sleep(300);

    expect(await stateOf(connector, order)).toBe('prepared');
    expect(await bench.payments('24')).toEqual([]);
  });
});

describe('a venue that closes one chain', () => {
  it('gets no further order of the chain for a while: the next venue may pay, and other assets go on', async () => {
    const connector = await bench.connector();
    const body = '{"label":"API_WITHDRAW_DISABLED","message":"The chain is suspended"}';
    await bench.simulator.arm('POST /withdrawals', 'refuse_with', { http_status: 400, body });
    const [first, second, other] = [
      chainOrder('50'),
      chainOrder('51'),
      { ...chainOrder('52'), asset: 'ETH.ETH' },
    ];

    await connector.submit([first]);
    await happens(connector, first, 'submission-refused');
    await connector.submit([second, other]);

    await happens(connector, other, 'withdrawal-settled');
    await happens(connector, second, 'submission-refused');
    for (const order of [first, second])
      expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
        reason: 'withdrawals_closed',
      });
    expect((await connector.submission(second.withdrawalId))?.attempts).toEqual([]);
  });
});

describe('the rate plan', () => {
  it('is shared: two instances together keep the pace, and the venue never complains', async () => {
    await bench.simulator.settings({
      rate_limits: { enabled: true, withdrawals: { requests: 1, per_ms: 1_200 } },
    });
    const plan = { ratePlan: { ...WIDE_PLAN, 'POST /withdrawals': { limit: 1, perMs: 2_000 } } }; // of two plans of their own some calls would meet within 1,020 ms
    const database = await bench.database();
    const [one, two] = [
      await bench.connector(plan, database),
      await bench.connector(plan, database),
    ];
    const orders = Array.from({ length: 4 }, (_, n) => chainOrder(`3${n}`));

    await one.submit(orders);

    for (const order of orders)
      await eventually(async () => expect(await stateOf(one, order)).toBe('settled'), {
        withinMs: 15_000,
      });
    const attempts = await one.database.query<{ state: string }>('SELECT state FROM attempt');
    expect(attempts).toEqual(orders.map(() => ({ state: 'accepted' })));
    expect(await two.violations()).toEqual([]);
  });
});
