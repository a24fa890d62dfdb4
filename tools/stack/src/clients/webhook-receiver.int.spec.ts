import { signStandardWebhook, signWebhook } from '@sluice/signing';
import { WebhookReceiver } from './webhook-receiver.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = JSON.stringify({
  id: 42,
  event: 'withdrawal.confirmed',
  created_at: '2026-05-16T22:05:31Z',
  api_version: '1',
  data: { withdrawal_id: 17 },
});

describe('the receiver of webhooks', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    receiver.trust(SECRET);
  });
  afterEach(() => receiver.stop());

  const send = async (change: Readonly<Record<string, string>> = {}, seconds = 0) => {
    const sent = { id: '42', timestamp: `${Math.floor(Date.now() / 1_000) + seconds}`, body: BODY };
    const headers = {
      'x-cpg-timestamp': sent.timestamp,
      'x-cpg-signature': signWebhook(SECRET, sent),
      'webhook-id': sent.id,
      'webhook-timestamp': sent.timestamp,
      'webhook-signature': signStandardWebhook(SECRET, sent),
    };
    const init = { method: 'POST', body: BODY, headers: { ...headers, ...change } };
    return (await fetch(receiver.url, init)).status;
  };

  it('accepts and reports webhooks signed by both schemes', async () => {
    const seen: boolean[] = [];
    receiver.onWebhook(({ verified }) => seen.push(verified));

    expect(await send()).toBe(200);

    expect(seen).toEqual([true]);
    expect(receiver.about(17, 'withdrawal.confirmed')).toMatchObject([
      { id: 42, createdAt: '2026-05-16T22:05:31Z', body: BODY, verified: true, answered: 200 },
    ]);
    expect(receiver.about(18, 'withdrawal.confirmed')).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['another signature', { 'x-cpg-signature': 'a'.repeat(64) }, 0],
    ['another signature of Standard Webhooks', { 'webhook-signature': 'v1,AAAA' }, 0],
    ['another id', { 'webhook-id': '43' }, 0],
    ['a time that is long over', {}, -301],
    ['a time that is far ahead', {}, 360],
  ])('refuses %s', async (_what, change, seconds) => {
    expect(await send(change, seconds)).toBe(401);
    expect(receiver.received).toMatchObject([{ verified: false, answered: 401 }]);
  });

  it('answers as it is asked to, and comes back on the same port', async () => {
    receiver.answer(500);
    expect(await send()).toBe(500);
    receiver.answer(null);
    expect(await send()).toBe(200);

    const { port } = receiver;
    await receiver.stop();
    receiver = await WebhookReceiver.start(port);
    expect(await send()).toBe(401); // a new life knows no secret
  });
});
