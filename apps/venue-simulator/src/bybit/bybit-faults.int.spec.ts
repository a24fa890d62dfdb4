import { givenSimulator } from '../testing/test-client.js';
import { BybitTestClient, codeOf, RECORDS, resultOf } from './bybit-test-client.js';

const CREATE = 'POST /v5/asset/withdraw/create';
const CANCEL = 'POST /v5/asset/withdraw/cancel';
const LIST = 'GET /v5/asset/withdraw/query-record';

const simulator = givenSimulator('bybit');
let bybit: BybitTestClient;

beforeAll(async () => {
  bybit = await BybitTestClient.of(simulator.url);
});

beforeEach(async () => {
  await bybit.control('POST', 'reset');
  await bybit.settings({
    rate_limits: { enabled: false },
    status_ms: 40,
    hang_ms: 150,
    slow_listing_ms: 150,
  });
});

describe('a fault that accepts', () => {
  it('takes the payment and hangs, cuts or fails', async () => {
    await bybit.arm(CREATE, 'accept_then_hang');
    await bybit.arm(CREATE, 'accept_then_cut');
    await bybit.arm(CREATE, 'accept_then_5xx');

    await expect(bybit.withdraw({}, AbortSignal.timeout(300))).rejects.toThrow(/timeout|aborted/);
    await expect(bybit.withdraw()).rejects.toThrow('fetch failed');
    expect((await bybit.withdraw()).status).toBe(500);
    expect(await bybit.payments()).toHaveLength(3);
  });

  it('waits for a request that the venue does accept, though refusals come with 200', async () => {
    await bybit.settings({ status_ms: { SecurityCheck: 60_000 } });
    await bybit.arm(CREATE, 'accept_then_5xx');
    await bybit.arm(CANCEL, 'accept_then_cut');
    const refused = await bybit.withdraw({ amount: '0' });
    const taken = await bybit.withdraw();
    const [row] = await bybit.records();

    expect([codeOf(refused), taken.status]).toEqual([131002, 500]);
    expect(codeOf(await bybit.cancel('1'))).toBe(131002);
    await expect(bybit.cancel(row?.['withdrawId'])).rejects.toThrow('fetch failed');
    expect((await bybit.records())[0]).toMatchObject({ status: 'CancelByUser' });
  });
});

describe('a fault that refuses', () => {
  it('takes no payment', async () => {
    await bybit.arm(CREATE, 'refuse_with_5xx');
    await bybit.arm(CREATE, 'html_body', { http_status: 200 });
    await bybit.arm(CREATE, 'too_many_requests');
    await bybit.arm(CREATE, 'hang_then_refuse');

    const replies = [
      await bybit.withdraw(),
      await bybit.withdraw(),
      await bybit.withdraw(),
      await bybit.withdraw(),
    ];

    expect(replies.map(({ status }) => status)).toEqual([500, 200, 200, 200]);
    expect(replies[1]?.text).toContain('<html>');
    expect(replies.slice(2).map(codeOf)).toEqual([10006, 10001]);
    expect(await bybit.payments()).toEqual([]);
  });

  it.each([true, false])(
    'too_many_requests contains the end of the limit, and clients wait (limits: %s)',
    async (enabled) => {
      await bybit.settings({ rate_limits: { enabled } });
      await bybit.arm(LIST, 'too_many_requests');
      const before = Date.now();
      const { headers } = await bybit.call('GET', RECORDS);

      expect(headers.get('x-bapi-limit-status')).toBe('0');
      expect(Number(headers.get('x-bapi-limit-reset-timestamp'))).toBeGreaterThanOrEqual(
        before + 60_000,
      );
    },
  );
});

describe('a fault of the records', () => {
  it('status_goes_back shows success and takes it back', async () => {
    await bybit.settings({
      status_ms: { SecurityCheck: 0, Pending: 0, BlockchainConfirmed: 0, success: 60_000 },
    });
    await bybit.withdraw();
    await bybit.arm(LIST, 'status_goes_back');

    expect([
      (await bybit.records())[0]?.['status'],
      (await bybit.records())[0]?.['status'],
    ]).toEqual(['BlockchainConfirmed', 'success']);
  });

  it('slow_listing answers rightly, late', async () => {
    await bybit.withdraw();
    await bybit.arm(LIST, 'slow_listing');

    const before = performance.now();
    const rows = resultOf(await bybit.call('GET', `${RECORDS}?withdrawType=2`))['rows'];

    expect(performance.now() - before).toBeGreaterThanOrEqual(140);
    expect(rows).toHaveLength(1);
  });
});
