import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { Health } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { testDatabase } from '@sluice/test-servers';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { givenApi, type TestApi } from '../../testkit/given-api.js';
import { givenAccount } from '../../testkit/given-intake.js';
import { placeOrder } from '../../testkit/given-saga.js';
import { anEvent } from '../../testkit/inbound-events.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';

interface Opened {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: () => string;
  readonly ended: () => boolean;
  readonly leave: () => void;
}

const SOON = { withinMs: 5_000, everyMs: 20 };

describe('the stream of changed withdrawals', () => {
  let url: string;
  let api: TestApi;
  let other: TestApi;
  let accountId: string;
  const opened: Opened[] = [];
  beforeEach(async () => {
    url = await testDatabase('intake');
    api = await givenApi(url);
    other = await givenApi(url);
    accountId = await givenAccount(api.database);
  });
  afterEach(async () => {
    for (const { leave } of opened.splice(0)) leave();
    await Promise.all([api.close(), other.close()]);
  });

  async function open(
    headers: Readonly<Record<string, string>> = {},
    token = api.issuer.tokenOf('demo'),
  ): Promise<Opened> {
    let text = '';
    let isEnded = false;
    const call = await new Promise<{ outgoing: ClientRequest; response: IncomingMessage }>(
      (resolve, reject) => {
        const outgoing = request(
          {
            port: api.port,
            path: '/internal/withdrawals/stream',
            headers: { authorization: `Bearer ${token}`, ...headers },
            agent: false,
          },
          (response) => resolve({ outgoing, response }),
        );
        outgoing.on('error', reject);
        outgoing.end();
      },
    );
    call.response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    call.response.on('end', () => (isEnded = true));
    call.response.on('error', () => undefined);
    const one = {
      status: call.response.statusCode ?? 0,
      type: call.response.headers['content-type'],
      text: () => text,
      ended: () => isEnded,
      leave: () => void call.response.destroy(),
    };
    opened.push(one);
    return one;
  }
  const until = (check: () => boolean) =>
    eventually(() => {
      expect(check()).toBe(true);
      return Promise.resolve();
    }, SOON);
  /** A withdrawal whose hold is placed by an instance. */
  async function changed(by: TestApi): Promise<string> {
    const order = anOrder({ accountId });
    await placeOrder(by, order);
    await by.saga.take([anEvent(order.id, 'hold_placed')]);
    return order.id;
  }
  const idOf = (text: string) => [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';

  it('tells two readers what every instance changes, also where no request waits for it', async () => {
    const [one, two] = [await open(), await open()];
    expect([one.status, one.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await until(() => idOf(one.text()) !== '');
    await other.database.query('SELECT 1'); // the notice of the wish has been delivered before
    const ids = [await changed(other), await changed(api)];
    for (const id of ids)
      for (const reader of [one, two]) await until(() => reader.text().includes(id));

    await other.saga.take([anEvent(ids[0] ?? '', 'accepted')]);
    await other.saga.take([anEvent(ids[0] ?? '', 'settled')]);
    await until(() => one.text().split(ids[0] ?? '').length > 2);
    expect(one.text()).not.toContain('reset');
  });

  it('tells what an instance changes that started after the reader came', async () => {
    const one = await open();
    await until(() => idOf(one.text()) !== '');
    const late = await givenApi(url);

    const id = await changed(late);

    await until(() => one.text().includes(id));
    await late.close();
  });

  it('goes on where a lost connection ended, and resets a reader that it does not know', async () => {
    const lost = await open();
    await until(() => idOf(lost.text()) !== '');
    const last = idOf(lost.text());
    lost.leave();
    const id = await changed(api);
    await eventually(async () => {
      const back = await open({ 'last-event-id': last });
      await until(() => idOf(back.text()) !== '');
      expect(back.text()).toContain(id);
      expect(back.text()).not.toContain('event: reset');
    }, SOON);

    const stranger = await open({ 'last-event-id': '00000000-7' });
    await until(() => stranger.text().includes('event: reset\ndata: {"at":'));
  });

  it('ends with the token', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const short = await open({}, api.issuer.tokenOf('demo', { exp }));
    const long = await open();
    expect([short.status, short.ended()]).toEqual([200, false]);

    await until(() => short.ended());

    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000 - 50);
    expect(long.ended()).toBe(false);
  });

  it('ends when the service begins to stop, and takes no further reader then', async () => {
    const reader = await open();
    api.app.get(Health).drain();

    await until(() => reader.ended());
    expect((await open()).status).toBe(503);
  });

  it('names nothing more to other instances than awaited withdrawals while nobody reads', async () => {
    other.app.get(WithdrawalWaiters).wantChanges(0); // the time after its start is over
    const received: string[] = [];
    await api.service.listen('withdrawal_changed', (payload) => void received.push(payload));
    const order = anOrder({ accountId });
    await placeOrder(other, order);
    await other.saga.take([anEvent(order.id, 'hold_placed')]);
    await other.saga.take([anEvent(order.id, 'accepted')]);
    const marked = async (mark: string) => {
      await api.service.query(`SELECT pg_notify('withdrawal_changed', 'x ${mark}')`, []);
      await until(() => received.at(-1) === `x ${mark}`);
    };
    await marked('first');
    const before = received.length;
    expect(before).toBeGreaterThan(1);

    await other.saga.take([anEvent(order.id, 'settled')]);
    await other.saga.take([anEvent(order.id, 'hold_captured')]);
    await marked('last');

    expect(received.length).toBe(before + 1);
  });

  it('is for people with a role', async () => {
    expect((await open({}, api.issuer.tokenOf('demo', { roles: [] }))).status).toBe(403);
    expect((await open({}, 'x')).status).toBe(401);
  });
});
