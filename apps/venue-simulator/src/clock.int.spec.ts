import { BybitTestClient, codeOf } from './bybit/bybit-test-client.js';
import { ETH_ADDRESS, GateioTestClient, labelOf } from './gateio/gateio-test-client.js';
import { givenSimulator, json } from './testing/test-client.js';
import { UpvestTestClient } from './upvest/upvest-test-client.js';

const HOUR = 3_600_000;

describe('a clock that a test moves', () => {
  const gateio = givenSimulator('gateio');
  const bybit = givenSimulator('bybit');
  const upvest = givenSimulator('upvest');

  it('takes every time of the venue with it: headers, records, limits and statuses', async () => {
    const gate = await GateioTestClient.of(gateio.url);
    await gate.control('POST', 'reset');
    await gate.control('PUT', 'settings', { status_ms: HOUR });
    const before = Date.now();
    await gate.withdraw();
    const tooSoon = await gate.withdraw();
    await gate.control('POST', 'clock', { advance_ms: 4 * HOUR, requests: 'machine' });

    const reply = await gate.call('GET', '/wallet/withdrawals');
    const later = await gate.withdraw({ withdraw_order_id: 'order-2' });
    const [payment] = (await gate.payments()).slice(-1);

    expect([labelOf(tooSoon), later.status]).toEqual(['TOO_MANY_REQUESTS', 200]);
    expect(JSON.parse(reply.text)).toMatchObject([{ address: ETH_ADDRESS, status: 'DONE' }]);
    expect(Date.parse(reply.headers.get('date') ?? '')).toBeGreaterThan(before + 4 * HOUR - 1_000);
    expect(Number(reply.headers.get('x-out-time'))).toBeGreaterThan((before + 4 * HOUR) * 1000);
    expect(Date.parse(String(payment?.['created_at']))).toBeGreaterThanOrEqual(before + 4 * HOUR);
  });

  it('judges requests, too, unless they are left to the time of the machine', async () => {
    const client = await BybitTestClient.of(bybit.url);
    await client.settings({ rate_limits: { enabled: false } });
    await client.control('POST', 'clock', { advance_ms: HOUR });
    const late = await client.withdraw();
    await client.control('POST', 'clock', { requests: 'machine' });
    const taken = await client.withdraw();

    expect([codeOf(late), codeOf(taken)]).toEqual([10002, 0]);
    expect(Number(json(taken)['time'])).toBeGreaterThan(Date.now() + HOUR - 60_000);
  });

  it('can be stopped, and runs again after a reset', async () => {
    const client = await UpvestTestClient.of(upvest.url);
    await client.control('POST', 'clock', { stopped: true, requests: 'machine' });
    const { id } = json(await client.withdraw());
    const standing = json(await client.control('GET', 'clock'));
    await client.control('POST', 'clock', { advance_ms: 3_000 });

    expect(standing['stopped']).toBe(true);
    expect((await client.get(id))['status']).toBe('CONFIRMED');
    await client.control('POST', 'reset');
    expect(json(await client.control('GET', 'clock'))).toMatchObject({
      stopped: false,
      requests: 'venue',
    });
  });

  it('cannot be set back, and returns an error', async () => {
    const gate = await GateioTestClient.of(gateio.url);
    const reply = await gate.control('POST', 'clock', { to: '2026-01-01T00:00:00Z' });

    expect([reply.status, json(reply)['message']]).toEqual([
      400,
      'the clock cannot be set back: POST /_sim/reset restores the time of the machine',
    ]);
  });
});
