import { setTimeout as sleep } from 'node:timers/promises';
import { benchFor, happens, stateOf, types, type ContractOrder } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT, WIDE_PLAN } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);

const ONE_PER_MINUTE = {
  ratePlan: { ...WIDE_PLAN, 'POST /withdrawals': { limit: 1, perMs: 60_000 } },
};

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

describe('cancel', () => {
  it('before sending: proven by our own state, refused as cancelled, nothing paid', async () => {
    const connector = await bench.connector(ONE_PER_MINUTE);
    const [first, second] = [chainOrder('10'), chainOrder('11')];
    await connector.submit([first]);
    await happens(connector, first, 'submission-accepted');

    await connector.submit([second]);
    await connector.cancel(second.withdrawalId);

    expect(types(connector, second)).toEqual(['submission-scheduled', 'submission-refused']);
    expect(connector.events(second.withdrawalId).at(-1)?.data).toMatchObject({
      reason: 'cancelled',
    });
    expect(await bench.payments('11')).toEqual([]);
  });

  it('after acceptance: the venue stops it, and only its final status fails it', async () => {
    await bench.simulator.settings({ status_ms: { REQUEST: 60_000 } });
    const connector = await bench.connector();
    const order = chainOrder('12');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');

    await connector.cancel(order.withdrawalId);

    await happens(connector, order, 'withdrawal-failed');
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
      cancelled: true,
      reason: 'cancelled',
    });
    expect(await bench.payments('12')).toMatchObject([{ status: 'CANCEL' }]);
  });

  it('too late: the refusal is published, and the payment goes on', async () => {
    await bench.simulator.settings({ status_ms: { REQUEST: 0, REVIEW: 0, LOCKED: 700 } });
    const connector = await bench.connector();
    const order = chainOrder('13');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');

    await connector.cancel(order.withdrawalId);

    await happens(connector, order, 'withdrawal-settled');
    expect(types(connector, order).filter((type) => type === 'cancel-refused')).toHaveLength(1);
  });

  it('of a push that has left: refused at once; of one we do not know: missing', async () => {
    const connector = await bench.connector();
    const order = pushOrder('14');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');
    const unknown = pushOrder('14');

    await connector.cancel(order.withdrawalId);
    await connector.cancel(unknown.withdrawalId);

    expect(types(connector, order)).toContain('cancel-refused');
    expect(types(connector, unknown)).toEqual(['submission-missing']); // its order may have been lost: both are sent again
  });
});

describe('what is never sent', () => {
  it('an asset or destination that Gate does not pay is refused before any call', async () => {
    const connector = await bench.connector();
    const orders = [
      { ...chainOrder('5'), asset: 'DOGE.DOGE' },
      { ...pushOrder('5'), destination: { type: 'venue_account', kind: 'email', value: 'a@b.c' } },
    ];

    await connector.submit(orders);

    for (const order of orders)
      expect(connector.events(order.withdrawalId)).toMatchObject([
        { type: 'venue.submission-refused.v1', data: { reason: 'not_supported' } },
      ]);
    expect(await connector.violations()).toEqual([]);
  });

  it('an order whose time runs out in the queue is refused as expired', async () => {
    const connector = await bench.connector(ONE_PER_MINUTE);
    const [first, late] = [chainOrder('20'), chainOrder('21')];
    await connector.submit([first]);
    await happens(connector, first, 'submission-accepted');

    await connector.submit([late], new Date(Date.now() + 300).toISOString());

    await happens(connector, late, 'submission-refused');
    expect(connector.events(late.withdrawalId).at(-1)?.data).toMatchObject({ reason: 'expired' });
    expect(await bench.payments('21')).toEqual([]);
  });

  it('what a halted venue lets wait: it is given back at its deadline while the halt lasts, and what is under way is not', async () => {
    const { apiKey, apiSecret } = await bench.otherKey('read_only');
    const database = await bench.database();
    const change = { apiKey, apiSecret: new Secret(apiSecret), haltMs: 60_000 };
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
    const { apiKey, apiSecret } = await bench.otherKey('withdrawal_only');
    const connector = await bench.connector({ apiKey, apiSecret: new Secret(apiSecret) });
    const order = chainOrder('28');

    await connector.submit([order], new Date(Date.now() + 100).toISOString());

    await happens(connector, order, 'submission-refused');
    expect(connector.gate.startFault).not.toBeNull();
    expect(await connector.submission(order.withdrawalId)).toMatchObject({
      reason: 'expired',
      attempts: [],
    });
  });

  it('a key without permission stops the queue instead of refusing customers', async () => {
    const { apiKey, apiSecret } = await bench.otherKey('read_only');
    const connector = await bench.connector({
      apiKey,
      apiSecret: new Secret(apiSecret),
      haltMs: 60_000,
    });
    const orders = [chainOrder('22'), chainOrder('23')];

    await connector.submit(orders);
    await eventually(async () =>
      expect((await connector.submission(orders[0]?.withdrawalId ?? ''))?.attempts).not.toEqual([]),
    );
    await sleep(500);

    for (const order of orders) {
      expect(await stateOf(connector, order)).toBe('prepared');
      expect(types(connector, order)).not.toContain('submission-refused');
    }
    expect(await connector.violations()).toEqual([]);
  });

  it('nothing, while the key cannot read the records it would need to find a payment again', async () => {
    const { apiKey, apiSecret } = await bench.otherKey('withdrawal_only');
    const connector = await bench.connector({ apiKey, apiSecret: new Secret(apiSecret) });
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
  it('pauses every call with the cause while a CDN answers, and goes on with the first answer of the venue', async () => {
    const connector = await bench.connector();
    const page = { fault: 'html_body', http_status: 403, times: 2 };
    await bench.simulator.arm('GET /wallet/withdrawals', page.fault, page);

    const paused = () =>
      connector.database.query<{ cause: string }>(
        'SELECT DISTINCT pause_cause AS cause FROM rate_slot WHERE pause_until > clock_timestamp() AND next_free_at >= pause_until',
      );
    await eventually(async () =>
      expect(await paused()).toEqual([
        { cause: expect.stringMatching(/^status 403 with a page/) as string },
      ]),
    );
    const order = chainOrder('60');
    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await paused()).toEqual([]);
  });

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

  it('announces when a withdrawal will be sent if it has to wait', async () => {
    const connector = await bench.connector(ONE_PER_MINUTE);
    const orders = [chainOrder('40'), chainOrder('41'), chainOrder('42')];

    await connector.submit(orders);

    const expected = orders
      .flatMap((order) => connector.events(order.withdrawalId))
      .flatMap(({ data }) => ('expectedAt' in data ? [Date.parse(data.expectedAt)] : []));
    expect(expected).toHaveLength(2);
    expect((expected[1] ?? 0) - (expected[0] ?? 0)).toBeGreaterThan(59_000);
  });
});
