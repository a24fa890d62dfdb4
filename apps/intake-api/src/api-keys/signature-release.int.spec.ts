import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import { testDatabase } from '@sluice/test-servers';
import { HaltsInForce } from '../halts/halts-in-force.js';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { freshTimestamp, givenApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import { countOf, givenAccount } from '../testkit/given-intake.js';
import { anEvent } from '../testkit/inbound-events.js';

/** Without a client reference: a second admission would be a second payment. */
const ORDER = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };
const USED = {
  status: 401,
  body: { success: false, message: 'Request signature has already been used' },
};

/** Small limits have no number in reserve: the signature is stored before the order. */
const WAYS = [
  ['by itself', 49],
  ['with its order', 100_000],
] as const;

describe.each(WAYS)('the signature of a request, stored %s,', (way, rateLimit) => {
  const withOrder = way === 'with its order';
  let here: TestApi;
  let there: TestApi;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    const url = await testDatabase('intake');
    here = await givenApi(url, testValues({ holdTimeoutMs: 5000, maxPendingRequests: 1 }));
    there = await givenApi(url, testValues({ holdTimeoutMs: 300 }));
    const permissions = ['withdraw', 'read_withdrawal_status'] as const;
    key = await here.createKey(await givenAccount(here.database), permissions, { rateLimit });
  });
  afterAll(() => Promise.all([here.close(), there.close()]));
  beforeEach(async () => {
    await here.database.query('TRUNCATE withdrawal CASCADE');
    if (!withOrder) return;
    // no test may run into the next minute, whose numbers are not reserved yet
    const second = Date.now() % 60_000;
    if (second > 35_000) await sleep(60_500 - second);
    for (const at of [here, there]) await aRequest('GET', '/v1/_ping')(at);
  });

  /** The same signed bytes at each call. */
  function aRequest(method: string, target: string, body?: object) {
    const timestamp = freshTimestamp();
    const bytes = body === undefined ? '' : JSON.stringify(body);
    return (at: TestApi): Promise<ApiAnswer> =>
      at.send({ method, target, key, timestamp, body: bytes });
  }
  const anOrder = (more: object = {}) => aRequest('POST', '/v1/withdrawals', { ...ORDER, ...more });

  /** Runs the work while the table is locked. `waiting` resolves once a statement waits for the lock. */
  async function whileLocked<T>(
    table: string,
    work: (waiting: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const waiting = () =>
      eventually(async () => void expect(await waitersFor(table)).not.toEqual([]));
    return here.database.withClient(async (client) => {
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      try {
        return await work(waiting);
      } finally {
        await client.query('COMMIT');
      }
    });
  }
  const waitersFor = (table: string) =>
    here.database.query<{ pid: number }>(
      'SELECT pid FROM pg_locks WHERE relation = $1::regclass AND NOT granted',
      [table],
    );
  /** Asks `there`, and breaks the connection while it waits for the table. */
  const askedAndCut = (table: string, ask: (at: TestApi) => Promise<ApiAnswer>) =>
    whileLocked(table, async (waiting) => {
      const asking = ask(there);
      await waiting();
      for (const { pid } of await waitersFor(table))
        await here.database.query('SELECT pg_terminate_backend($1)', [pid]);
      return asking;
    });

  it.each(['here', 'there'])(
    'is new again after an overload, at once and %s',
    async (where) => {
      const first = anOrder({ client_reference: `fills ${where}` })(here);
      await eventually(async () => expect(await countOf(here.database, 'withdrawal')).toBe(1));
      const [{ id } = { id: '' }] = await here.database.query<{ id: string }>(
        'SELECT id FROM withdrawal',
      );
      const order = anOrder();

      expect(await order(here)).toMatchObject({ status: 503 });
      await here.saga.take([anEvent(id, 'hold_placed')]);
      await first;
      const again = await order(where === 'here' ? here : there);

      expect(again.status).toBe(504); // no ledger places the hold
      expect(await order(there)).toMatchObject(USED);
      expect(await countOf(here.database, 'withdrawal')).toBe(2);
    },
    20_000,
  );

  it('is new again after the connection broke before the commit, and pays once', async () => {
    const order = anOrder();
    expect(await askedAndCut('withdrawal', order)).toMatchObject({ status: 503 });
    expect(await countOf(here.database, 'withdrawal')).toBe(0);
    expect((await order(there)).status).toBe(504);
    expect(await order(there)).toMatchObject(USED);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  });

  it('is new again after the connection broke during the admission', async () => {
    const order = anOrder();
    expect(await askedAndCut('used_signature', order)).toMatchObject({ status: 503 });
    expect((await order(there)).status).toBe(504);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  });

  it('is new again at every instance after an admission that came too late', async () => {
    const order = anOrder();
    const late = await whileLocked('used_signature', () => order(here));
    expect(late).toMatchObject({ status: 503 });
    await eventually(async () => expect((await order(there)).status).toBe(504));
    expect(await order(here)).toMatchObject(USED);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  }, 20_000);

  it('stays used while the outcome of the commit is open, and afterwards', async () => {
    const order = anOrder();
    const [open, again] = await whileLocked('withdrawal', async (waiting) => {
      const asking = order(here);
      await waiting();
      const answers = await Promise.all([asking, order(there)]); // in turn both could outlast the statement's timeout
      await here.app.get(HaltsInForce).look(); // without fresh halts nothing would be recorded
      return answers;
    });

    expect(open).toMatchObject({ status: 504 });
    // with its order the signature has the open outcome of the order, and nothing else is stored
    expect(again).toMatchObject(withOrder ? { status: 503 } : USED);
    await eventually(async () => expect(await countOf(here.database, 'withdrawal')).toBe(1));
    expect(await order(here)).toMatchObject(USED);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  }, 30_000);

  it('stays used after the answer to a stored order, whatever the status', async () => {
    const order = anOrder();
    expect((await order(there)).status).toBe(504);
    expect((await order(there)).body).toEqual(USED.body);
    expect((await order(here)).body).toEqual(USED.body);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  });

  it.each<[string, object, number]>([
    ['by a rule', { amount: '0.1' }, 400],
    ['of the body', { amount: 'much' }, 422],
    ['of another order with the reference', { client_reference: 'taken', amount: '51' }, 409],
  ])('stays used after a refusal %s, and its use is refused first', async (_what, more, status) => {
    expect((await anOrder({ client_reference: 'taken' })(there)).status).toBe(504);
    const order = anOrder(more);
    expect(await order(there)).toMatchObject({ status });
    for (const at of [there, here]) expect(await order(at)).toMatchObject(USED);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  });

  it('stays used after the answer to a repeat, and a replay learns nothing of the withdrawal', async () => {
    const [first, again] = [1, 2].map(() => anOrder({ client_reference: 'once' }));
    if (!first || !again) throw new Error('two requests are made');
    expect((await first(there)).status).toBe(504);
    expect((await again(there)).headers).toMatchObject({ 'idempotent-replayed': 'true' });

    for (const replay of [first, again]) {
      const { status, headers, body } = await replay(here);
      expect({ status, body }).toMatchObject(USED);
      expect(headers).not.toHaveProperty('idempotent-replayed');
    }
  });

  it('of a batch stays used, before and after its items', async () => {
    const items = [{ ...ORDER, client_reference: 'item' }, { ...ORDER }];
    const batch = aRequest('POST', '/v1/withdrawals/batch', { withdrawals: items });
    expect(await batch(there)).toMatchObject({
      status: 200,
      body: { data: [{ status_code: 504 }, { status_code: 422 }] },
    });
    for (const at of [there, here]) expect(await batch(at)).toMatchObject(USED);
    expect(await countOf(here.database, 'withdrawal')).toBe(1);
  });

  it('is stored in one transaction of the instance with the order, or in two', async () => {
    const order = anOrder();
    await order(there);
    const together = 'used_signature u JOIN withdrawal w ON u.xmin = w.xmin';
    expect(await countOf(here.database, together)).toBe(withOrder ? 1 : 0);
  });

  it.each([
    ['a read', 'GET', '/v1/withdrawals/57212345678913'],
    ['a cancel request', 'DELETE', '/v1/withdrawals/57212345678913'],
  ])('is new again after %s that could not look', async (_what, method, target) => {
    const ask = aRequest(method, target);
    expect(await askedAndCut('withdrawal', ask)).toMatchObject({ status: 503 });
    expect(await ask(there)).toMatchObject({ status: 404 });
    expect(await ask(there)).toMatchObject(USED);
  });

  it('is new after each preview without the ledger, because a preview stores nothing', async () => {
    const preview = aRequest('POST', '/v1/withdrawals/preview', ORDER);
    for (const at of [here, here, there]) expect(await preview(at)).toMatchObject({ status: 503 });
  });
});
