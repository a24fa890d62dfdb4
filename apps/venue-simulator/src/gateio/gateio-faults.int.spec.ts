import { givenSimulator, json } from '../testing/test-client.js';
import { GateioTestClient, labelOf } from './gateio-test-client.js';

const WITHDRAW = 'POST /withdrawals';
const RECORDS = '/wallet/withdrawals';

const simulator = givenSimulator('gateio');
let gate: GateioTestClient;

beforeAll(async () => {
  gate = await GateioTestClient.of(simulator.url);
});

beforeEach(async () => {
  await gate.control('POST', 'reset');
  await gate.control('PUT', 'settings', {
    rate_limits: { enabled: false },
    status_ms: 40,
    hang_ms: 150,
    slow_listing_ms: 150,
  });
});

describe('a fault that accepts', () => {
  it('accept_then_hang takes the payment and stays silent on an open socket', async () => {
    await gate.arm(WITHDRAW, 'accept_then_hang');

    await expect(gate.withdraw({}, AbortSignal.timeout(300))).rejects.toThrow(/timeout|aborted/);
    expect(await gate.payments()).toHaveLength(1);
  });

  it('accept_then_cut takes the payment and cuts the socket', async () => {
    await gate.arm(WITHDRAW, 'accept_then_cut');

    await expect(gate.withdraw()).rejects.toThrow('fetch failed');
    expect(await gate.list(`${RECORDS}?withdraw_order_id=order-1`)).toHaveLength(1);
  });

  it('accept_then_5xx takes the payment and answers as refuse_with_5xx does', async () => {
    await gate.arm(WITHDRAW, 'accept_then_5xx');
    await gate.arm(WITHDRAW, 'refuse_with_5xx');
    const accepted = await gate.withdraw({ withdraw_order_id: 'a' });
    const refused = await gate.withdraw({ withdraw_order_id: 'b' });

    expect(accepted.status).toBe(500);
    expect(accepted.text).toBe(refused.text);
    expect(await gate.payments()).toMatchObject([{ client_id: 'a' }]);
  });

  it('waits for a request that the venue does accept', async () => {
    await gate.arm(WITHDRAW, 'accept_then_5xx');

    expect(labelOf(await gate.withdraw({ amount: '0' }))).toBe('INVALID_PARAM_VALUE');
    expect((await gate.withdraw()).status).toBe(500);
  });

  it('works for a push and a cancel as well', async () => {
    await gate.control('PUT', 'settings', { status_ms: { REQUEST: 60_000 } });
    await gate.arm('POST /withdrawals/push', 'accept_then_cut');
    await gate.arm('DELETE /withdrawals/{id}', 'accept_then_5xx');
    const { id } = json(await gate.withdraw());

    await expect(gate.push()).rejects.toThrow('fetch failed');
    expect((await gate.call('DELETE', `/withdrawals/${String(id)}`)).status).toBe(500);
    expect((await gate.payments()).map((payment) => payment['chain'])).toEqual(['ETH', null]);
    await gate.until(RECORDS, 'CANCEL');
  });
});

describe('a fault that refuses leaves no payment', () => {
  it('hang_then_refuse answers a definitive refusal, late', async () => {
    await gate.arm(WITHDRAW, 'hang_then_refuse');
    const before = performance.now();
    const reply = await gate.withdraw();

    expect(performance.now() - before).toBeGreaterThan(140);
    expect(reply.status).toBe(400);
    expect(await gate.payments()).toEqual([]);
  });

  it('html_body answers a page, with 502 or with 200', async () => {
    await gate.arm(WITHDRAW, 'html_body');
    await gate.arm(WITHDRAW, 'html_body', { http_status: 200 });
    const replies = [await gate.withdraw(), await gate.withdraw()];

    expect(replies.map((reply) => reply.status)).toEqual([502, 200]);
    expect(replies.every((reply) => reply.text.startsWith('<html>'))).toBe(true);
    expect(await gate.payments()).toEqual([]);
  });

  it('too_many_requests answers 429, with the headers of a limit that is used up', async () => {
    await gate.control('PUT', 'settings', { rate_limits: { enabled: true } });
    await gate.arm(WITHDRAW, 'too_many_requests');
    const before = Date.now();
    const reply = await gate.withdraw();
    const header = (name: string): number =>
      Number(reply.headers.get(`x-gate-ratelimit-${name}`) ?? NaN);

    expect([reply.status, labelOf(reply)]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect([header('limit'), header('requests-remain')]).toEqual([1, 0]);
    expect(header('reset-timestamp') * 1000).toBeGreaterThanOrEqual(before + 3_000);
    expect(await gate.payments()).toEqual([]);
  });
});

describe('a fault of the records', () => {
  it('status_goes_back at a withdrawal: DONE, then EXTPEND, then DONE for good', async () => {
    await gate.control('PUT', 'settings', { status_ms: 120 });
    await gate.arm(WITHDRAW, 'status_goes_back');
    await gate.withdraw();

    await gate.until(RECORDS, 'DONE');
    await gate.until(RECORDS, 'EXTPEND');
    await gate.until(RECORDS, 'DONE');
  });

  it('status_goes_back at a listing: that listing shows the status before', async () => {
    await gate.withdraw();
    await gate.until(RECORDS, 'DONE');
    await gate.arm(`GET ${RECORDS}`, 'status_goes_back');

    expect(await gate.list(RECORDS)).toMatchObject([{ status: 'EXTPEND', block_number: '0' }]);
    expect(await gate.list(RECORDS)).toMatchObject([{ status: 'DONE' }]);
  });

  it('slow_listing answers rightly, but late', async () => {
    await gate.withdraw();
    await gate.arm(`GET ${RECORDS}`, 'slow_listing');
    const before = performance.now();

    expect(await gate.list(RECORDS)).toHaveLength(1);
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it('reads fail as well', async () => {
    await gate.arm(`GET ${RECORDS}`, 'refuse_with_5xx');
    await gate.arm('GET /spot/time', 'too_many_requests');

    expect((await gate.call('GET', RECORDS)).status).toBe(500);
    expect((await fetch(`${gate.url}/api/v4/spot/time`)).status).toBe(429);
  });
});

describe('the control API', () => {
  it('lists faults with their use; an unauthenticated request uses none', async () => {
    await gate.arm(WITHDRAW, 'refuse_with_5xx', { times: 2, after: 1 });
    await gate.call('POST', '/withdrawals', '{}', { SIGN: 'x' });
    const statuses = [await gate.withdraw(), await gate.withdraw()].map((reply) => reply.status);

    expect(statuses).toEqual([200, 500]);
    expect(JSON.parse((await gate.control('GET', 'faults')).text)).toMatchObject([
      { endpoint: WITHDRAW, fault: 'refuse_with_5xx', times: 2, after: 1, used: 1 },
    ]);
    await gate.control('POST', 'faults', { clear: true });
    expect((await gate.withdraw()).status).toBe(200);
  });

  it.each([
    [
      'faults',
      'POST',
      { endpoint: 'POST /nothing', fault: 'accept_then_cut' },
      'endpoint has to be one of',
    ],
    [
      'faults',
      'POST',
      { endpoint: 'GET /wallet/withdrawals', fault: 'accept_then_cut' },
      'fault at GET /wallet/withdrawals has to be one of',
    ],
    [
      'faults',
      'POST',
      { endpoint: WITHDRAW, fault: 'slow_listing' },
      'fault at POST /withdrawals has to be one of',
    ],
    ['faults', 'POST', { endpoint: WITHDRAW, fault: 'html_body', times: 0 }, 'times has to be'],
    [
      'settings',
      'PUT',
      { duplicate_client_id: 'maybe' },
      'settings.duplicate_client_id has to be one of',
    ],
    ['settings', 'PUT', { surprise: 1 }, 'settings has no surprise'],
    ['settings', 'PUT', { balances: { USDT: '-1' } }, 'settings.balances.USDT has to be'],
  ])('refuses %s %s %j with a clear message', async (path, method, body, message) => {
    const reply = await gate.control(method, path, body);

    expect(reply.status).toBe(400);
    expect(json(reply)['message']).toContain(message);
  });

  it('reset empties the book, the faults and the settings', async () => {
    await gate.withdraw();
    await gate.arm(WITHDRAW, 'html_body');
    await gate.control('POST', 'reset');

    expect(await gate.payments()).toEqual([]);
    expect(JSON.parse((await gate.control('GET', 'faults')).text)).toEqual([]);
    expect(json(await gate.control('GET', 'settings'))).toMatchObject({
      status_ms: { REQUEST: 1500 },
      rate_limits: { enabled: true },
    });
  });
});
