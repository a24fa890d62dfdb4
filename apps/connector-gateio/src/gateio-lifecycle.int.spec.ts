import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { eventually, type ContractOrder, type SimulatedPayment } from '@sluice/testing';
import { chainOrder, pushOrder } from './testing/orders.js';
import { startGateioSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector, WIDE_PLAN } from './testing/start-connector.js';

const QUICK = { rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900 };

let simulator: RunningSimulator;
let postgres: TestPostgres;
let running: TestConnector[] = [];

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startGateioSimulator();
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings(QUICK);
});
afterEach(async () => {
  await Promise.all(running.map((connector) => connector.stop()));
  running = [];
});
afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

type Change = Parameters<typeof TestConnector.start>[2];

async function givenConnector(change: Change = {}, database?: string): Promise<TestConnector> {
  const connector = await TestConnector.start(database ?? (await postgres.createDatabase('connector_gateio')), simulator.control, change);
  running.push(connector);
  return connector;
}

const types = (connector: TestConnector, order: ContractOrder): string[] =>
  connector.events(order.withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
const happens = (connector: TestConnector, order: ContractOrder, type: string): Promise<void> =>
  eventually(() => expect(types(connector, order)).toContain(type), { withinMs: 15_000 });
const state = async (connector: TestConnector, order: ContractOrder): Promise<string | undefined> =>
  (await connector.submission(order.withdrawalId))?.state;
const payments = async (amount: string): Promise<SimulatedPayment[]> =>
  (await simulator.control.payments()).filter((payment) => payment.net_amount === amount);

const ONE_PER_MINUTE = { ratePlan: { ...WIDE_PLAN, 'POST /withdrawals': { limit: 1, perMs: 60_000 } } };

describe('cancel', () => {
  it('before sending: proven by our own state, refused as cancelled, nothing paid', async () => {
    const connector = await givenConnector(ONE_PER_MINUTE);
    const [first, second] = [chainOrder('10'), chainOrder('11')];
    await connector.submit([first]);
    await happens(connector, first, 'submission-accepted');

    await connector.submit([second]);
    await connector.cancel(second.withdrawalId);

    expect(types(connector, second)).toEqual(['submission-scheduled', 'submission-refused']);
    expect(connector.events(second.withdrawalId).at(-1)?.data).toMatchObject({ reason: 'cancelled' });
    expect(await payments('11')).toEqual([]);
  });

  it('after acceptance: the venue stops it, and only its final word fails it', async () => {
    await simulator.control.settings({ status_ms: { REQUEST: 60_000 } });
    const connector = await givenConnector();
    const order = chainOrder('12');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');

    await connector.cancel(order.withdrawalId);

    await happens(connector, order, 'withdrawal-failed');
    expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({ cancelled: true, reason: 'cancelled' });
    expect(await payments('12')).toMatchObject([{ status: 'CANCEL' }]);
  });

  it('too late: the refusal is told, and the payment goes on', async () => {
    await simulator.control.settings({ status_ms: { REQUEST: 0, REVIEW: 0, LOCKED: 700 } });
    const connector = await givenConnector();
    const order = chainOrder('13');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');

    await connector.cancel(order.withdrawalId);

    await happens(connector, order, 'withdrawal-settled');
    expect(types(connector, order).filter((type) => type === 'cancel-refused')).toHaveLength(1);
  });

  it('of a push that has left, and of one we do not know: refused at once', async () => {
    const connector = await givenConnector();
    const order = pushOrder('14');
    await connector.submit([order]);
    await happens(connector, order, 'submission-accepted');
    const stranger = pushOrder('14');

    await connector.cancel(order.withdrawalId);
    await connector.cancel(stranger.withdrawalId);

    expect(types(connector, order)).toContain('cancel-refused');
    expect(types(connector, stranger)).toEqual(['cancel-refused']);
  });
});

describe('what is never sent', () => {
  it('an asset or destination that Gate does not pay is refused before any call', async () => {
    const connector = await givenConnector();
    const orders = [
      { ...chainOrder('5'), asset: 'DOGE.DOGE' },
      { ...pushOrder('5'), destination: { type: 'venue_account', kind: 'email', value: 'a@b.c' } },
    ];

    await connector.submit(orders);

    for (const order of orders)
      expect(connector.events(order.withdrawalId)).toMatchObject([{ type: 'venue.submission-refused.v1', data: { reason: 'not_supported' } }]);
    expect(await connector.violations()).toEqual([]);
  });

  it('an order whose time runs out in the queue is refused as expired', async () => {
    const connector = await givenConnector(ONE_PER_MINUTE);
    const [first, late] = [chainOrder('20'), chainOrder('21')];
    await connector.submit([first]);
    await happens(connector, first, 'submission-accepted');

    await connector.submit([late], new Date(Date.now() + 300).toISOString());

    await happens(connector, late, 'submission-refused');
    expect(connector.events(late.withdrawalId).at(-1)?.data).toMatchObject({ reason: 'expired' });
    expect(await payments('21')).toEqual([]);
  });

  it('a key without permission stops the queue instead of refusing customers', async () => {
    const { other_keys: keys } = (await simulator.control.credentials()) as { other_keys: { name: string; api_key: string; api_secret: string }[] };
    const key = keys.find(({ name }) => name === 'read_only');
    const connector = await givenConnector({ apiKey: key?.api_key ?? '', apiSecret: new Secret(key?.api_secret ?? ''), haltMs: 60_000 });
    const orders = [chainOrder('22'), chainOrder('23')];

    await connector.submit(orders);
    await eventually(async () => expect((await connector.submission(orders[0]?.withdrawalId ?? ''))?.attempts).not.toEqual([]));
    await sleep(500);

    for (const order of orders) {
      expect(await state(connector, order)).toBe('prepared');
      expect(types(connector, order)).not.toContain('submission-refused');
    }
    expect(await connector.violations()).toEqual([]);
  });

  it('nothing, while the key cannot read the records it would need to find a payment again', async () => {
    const { other_keys: keys } = (await simulator.control.credentials()) as { other_keys: { name: string; api_key: string; api_secret: string }[] };
    const key = keys.find(({ name }) => name === 'withdrawal_only');
    const connector = await givenConnector({ apiKey: key?.api_key ?? '', apiSecret: new Secret(key?.api_secret ?? '') });
    const order = chainOrder('24');

    await connector.submit([order]);
    await eventually(() => expect(connector.connector.runtime.startFault).toMatch(/withdrawal records cannot be read/));
    await sleep(300);

    expect(await state(connector, order)).toBe('prepared');
    expect(await payments('24')).toEqual([]);
  });
});

describe('the rate plan', () => {
  it('is shared: two instances together keep the pace, and the venue never complains', async () => {
    await simulator.control.settings({ rate_limits: { enabled: true, withdrawals: { requests: 1, per_ms: 1_200 } } });
    const plan = { ratePlan: { ...WIDE_PLAN, 'POST /withdrawals': { limit: 1, perMs: 2_000 } } }; // of two plans of their own some calls would meet within 1,020 ms
    const database = await postgres.createDatabase('connector_gateio');
    const [one, two] = [await givenConnector(plan, database), await givenConnector(plan, database)];
    const orders = Array.from({ length: 4 }, (_, n) => chainOrder(`3${n}`));

    await one.submit(orders);

    for (const order of orders) await eventually(async () => expect(await state(one, order)).toBe('settled'), { withinMs: 15_000 });
    const attempts = await one.database.query<{ state: string }>('SELECT state FROM attempt');
    expect(attempts).toEqual(orders.map(() => ({ state: 'accepted' })));
    expect(await two.violations()).toEqual([]);
  });

  it('tells when a withdrawal will be sent if it has to wait', async () => {
    const connector = await givenConnector(ONE_PER_MINUTE);
    const orders = [chainOrder('40'), chainOrder('41'), chainOrder('42')];

    await connector.submit(orders);

    const expected = orders
      .flatMap((order) => connector.events(order.withdrawalId))
      .flatMap(({ data }) => ('expectedAt' in data ? [Date.parse(data.expectedAt)] : []));
    expect(expected).toHaveLength(2);
    expect((expected[1] ?? 0) - (expected[0] ?? 0)).toBeGreaterThan(59_000);
  });
});
