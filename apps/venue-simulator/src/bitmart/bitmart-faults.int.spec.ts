import { givenSimulator } from '../testing/test-client.js';
import { APPLY, BitmartTestClient, codeOf, HISTORY } from './bitmart-test-client.js';

const simulator = givenSimulator('bitmart');
let bitmart: BitmartTestClient;

beforeAll(async () => {
  bitmart = await BitmartTestClient.of(simulator.url);
});

beforeEach(async () => {
  await bitmart.control('POST', 'reset');
  await bitmart.control('PUT', 'settings', {
    rate_limits: { enabled: false },
    status_ms: 40,
    hang_ms: 150,
    slow_listing_ms: 150,
  });
});

describe('a fault that accepts', () => {
  it('takes the payment and hangs, cuts, or answers 500 with 60051', async () => {
    await bitmart.arm(APPLY, 'accept_then_hang');
    await bitmart.arm(APPLY, 'accept_then_cut');
    await bitmart.arm(APPLY, 'accept_then_5xx');

    await expect(bitmart.withdraw({}, AbortSignal.timeout(300))).rejects.toThrow(/timeout|aborted/);
    await expect(bitmart.withdraw()).rejects.toThrow('fetch failed');
    const failed = await bitmart.withdraw();
    expect([failed.status, codeOf(failed)]).toEqual([500, 60051]);
    expect(await bitmart.payments()).toHaveLength(3);
  });

  it('takes the payment and answers with JSON that is cut off', async () => {
    await bitmart.arm(APPLY, 'accept_then_answer', {
      http_status: 200,
      body: '{"code":1000,"trace":"x","da',
    });

    expect(await bitmart.withdraw()).toMatchObject({
      status: 200,
      text: '{"code":1000,"trace":"x","da',
    });
    expect(await bitmart.payments()).toHaveLength(1);
  });

  it('waits for a request that the venue does accept', async () => {
    await bitmart.arm(APPLY, 'accept_then_answer', { http_status: 200 });

    expect(codeOf(await bitmart.withdraw({ amount: '0' }))).toBe(60000);
    expect((await bitmart.withdraw()).text).toBe('');
  });
});

describe('a fault that refuses leaves no payment', () => {
  it.each([
    [
      'unavailable',
      {
        http_status: 503,
        body: '{"code":30014,"message":"Service unavailable","trace":"N/A","data":{}}',
      },
    ],
    [
      'maintenance',
      {
        http_status: 200,
        body: '{"code":30016,"message":"Service maintenance","trace":"N/A","data":{}}',
      },
    ],
    [
      'region',
      {
        http_status: 403,
        body: '{"code":53007,"message":"verify","trace":"N/A"}',
        content_type: 'text/plain',
      },
    ],
  ])('%s', async (_name, answer) => {
    await bitmart.arm(APPLY, 'refuse_with', answer);
    const reply = await bitmart.withdraw();

    expect(reply).toMatchObject({ status: answer.http_status, text: answer.body });
    expect(reply.headers.get('content-type')).toContain(
      'content_type' in answer ? answer.content_type : 'application/json',
    );
    expect(await bitmart.payments()).toEqual([]);
  });

  it('refuses late, with 5xx, with a page, with 429', async () => {
    for (const fault of ['hang_then_refuse', 'refuse_with_5xx', 'html_body', 'too_many_requests'])
      await bitmart.arm(APPLY, fault);
    const replies = [
      await bitmart.withdraw(),
      await bitmart.withdraw(),
      await bitmart.withdraw(),
      await bitmart.withdraw(),
    ];

    expect(replies.map((reply) => reply.status)).toEqual([400, 500, 502, 429]);
    expect(await bitmart.payments()).toEqual([]);
  });

  it('too_many_requests has the headers of a limit that is used up', async () => {
    await bitmart.control('PUT', 'settings', { rate_limits: { enabled: true } });
    await bitmart.arm(APPLY, 'too_many_requests');
    const { headers } = await bitmart.withdraw();

    expect(
      ['limit', 'remaining', 'reset', 'mode'].map((name) => headers.get(`x-bm-ratelimit-${name}`)),
    ).toEqual(['8', '8', '2', 'UID']);
  });
});

describe('a fault of the records', () => {
  it('status_goes_back at a withdrawal: 3, then 2, then 3 for good', async () => {
    await bitmart.control('PUT', 'settings', { status_ms: 120 });
    await bitmart.arm(APPLY, 'status_goes_back');
    await bitmart.withdraw();

    await bitmart.until(({ status }) => status === 3);
    await bitmart.until(({ status }) => status === 2);
    await bitmart.until(({ status }) => status === 3);
  });

  it('status_goes_back at the history: that answer shows the status before', async () => {
    await bitmart.withdraw();
    await bitmart.until(({ status }) => status === 3);
    await bitmart.arm(HISTORY, 'status_goes_back');

    expect(await bitmart.history()).toMatchObject([{ status: 2 }]);
    expect(await bitmart.history()).toMatchObject([{ status: 3 }]);
  });

  it('slow_listing answers rightly, but late', async () => {
    await bitmart.arm(HISTORY, 'slow_listing');
    const before = performance.now();

    expect(await bitmart.history()).toEqual([]);
    expect(performance.now() - before).toBeGreaterThan(140);
  });
});
