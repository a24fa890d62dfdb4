import { randomUUID } from 'node:crypto';
import type {
  AccountEventDto,
  DeliveryDto,
  DeliveryHistoryDto,
  WebhookDto,
} from '@sluice/http-api';
import { verifyWebhook } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import {
  ACCOUNT,
  aStep,
  givenWebhooks,
  KEK,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';
import { PauseFailingWebhooks } from './pause-failing-webhooks.js';

const PATIENCE = { withinMs: 60_000 };
const EVENTS = ['withdrawal.confirmed'];

let receiver: Receiver;
let webhooks: TestWebhooks;
beforeAll(async () => void (receiver = await Receiver.start()));
afterAll(() => receiver.stop());
beforeEach(async () => void (webhooks = await givenWebhooks(await migrated())));
afterEach(async () => {
  expect(await webhooks.violations()).toEqual([]);
  await webhooks.close();
});

const rows = async () =>
  (await webhooks.database.query<{ n: number }>('SELECT count(*)::int AS n FROM webhook'))[0]?.n;

describe('a new webhook', () => {
  it('is answered with its secret, once, of the form of Standard Webhooks', async () => {
    const body = { account: ACCOUNT, url: receiver.url('/a'), events: [...EVENTS, ...EVENTS] };

    const { status, body: created } = await webhooks.ask<
      WebhookDto & { secret: string; replayed: boolean }
    >('POST', 'webhooks', { ...body, description: 'ours' });
    const { secret, replayed, ...webhook } = created.data;

    expect([status, replayed]).toEqual([201, false]);
    expect(webhook).toEqual({
      id: expect.any(String) as string,
      account: ACCOUNT,
      url: body.url,
      events: EVENTS,
      description: 'ours',
      state: 'enabled',
      created_at: expect.any(String) as string,
      paused_at: null,
      paused_because: null,
      failing_since: null,
      previous_secret_until: null,
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await webhooks.ask('GET', `webhooks/${webhook.id}`)).body.data).toEqual(webhook);
    expect((await webhooks.ask('GET', `webhooks?account=${ACCOUNT}`)).body.data).toEqual([webhook]);
    const [{ text } = { text: '' }] = await webhooks.database.query<{ text: string }>(
      'SELECT to_jsonb(w)::text AS text FROM webhook w',
    );
    expect(text).not.toContain(secret);
  });

  it.each<[string, object, number, string]>([
    ['no https', { url: 'http://example.com/' }, 400, 'url: URL should begin with https://'],
    [
      'credentials',
      { url: 'https://a:b@example.com/' },
      400,
      'url: URL should have no user name and no password',
    ],
    [
      'a forbidden address',
      { url: 'https://169.254.169.254/' },
      400,
      'url: URL should lead to the public internet',
    ],
    [
      'another port',
      { url: 'https://example.com:22/' },
      400,
      'url: URL should have the port 443 or 8443',
    ],
    ['no URL', { url: 'hook' }, 400, 'url: Input should be a valid URL'],
    [
      'an unknown event',
      { events: ['withdrawal.paid'] },
      400,
      'events: "withdrawal.paid" is not one of deposit.detected, deposit.confirmed, deposit.swept, withdrawal.broadcasted, withdrawal.confirmed, withdrawal.failed, withdrawal.cancelled, withdrawal.returned, withdrawal.awaiting_approval, withdrawal.approved, webhook.paused',
    ],
    ['the event of tests', { events: ['webhook.test'] }, 400, 'events: "webhook.test" is not one'],
    [
      'two faults',
      { url: 'x', events: ['y'] },
      400,
      'url: Input should be a valid URL; events: "y"',
    ],
    ['no events', { events: [] }, 422, 'events: List should have at least 1 items'],
    ['no account', { account: undefined }, 422, 'account: Field required'],
  ])(
    'with %s is refused by a sentence, and not stored',
    async (_what, change, status, sentence) => {
      const body = { account: ACCOUNT, url: 'https://example.com/', events: EVENTS, ...change };

      const refused = await webhooks.ask('POST', 'webhooks', body);

      expect(refused).toMatchObject({
        status,
        body: { success: false, message: expect.stringContaining(sentence) as string },
      });
      expect(await rows()).toBe(0);
    },
  );

  it('is one of fifty at most', async () => {
    await webhooks.register({ url: receiver.url('/a') });
    await webhooks.database.query(
      `INSERT INTO webhook (id, account_id, url, events, state, sealed, created_at)
       SELECT gen_random_uuid(), account_id, url, events, state, sealed, now() FROM webhook, generate_series(1, 48)`,
    );
    const body = { account: ACCOUNT, url: receiver.url('/b'), events: EVENTS };

    const both = await Promise.all([1, 2].map(() => webhooks.ask('POST', 'webhooks', body)));

    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    await webhooks.database.query('DELETE FROM webhook');
  });
});

describe('whom an event is told', () => {
  it('are all webhooks of its account that subscribe it, each with a number of its own', async () => {
    const subscribing = [
      await webhooks.register({ url: receiver.url('/one') }),
      await webhooks.register({
        url: receiver.url('/two'),
        events: ['withdrawal.failed', 'withdrawal.confirmed'],
      }),
    ];
    await webhooks.register({ url: receiver.url('/x'), events: ['deposit.confirmed'] });
    await webhooks.register({ url: receiver.url('/y'), account: randomUUID() });
    const step = aStep();

    await webhooks.tell(step, step, aStep({ type: 'withdrawal.submitting.v1' }));
    await webhooks.tell(step);

    const deliveries = await webhooks.deliveries();
    expect(deliveries.map(({ webhook_id }) => webhook_id).sort()).toEqual(
      subscribing.map(({ id }) => id).sort(),
    );
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(2);
  });

  it('of the approval of people are only webhooks that subscribe it', async () => {
    const events = ['withdrawal.awaiting_approval', 'withdrawal.approved'];
    const { id } = await webhooks.register({ url: receiver.url('/asked'), events });
    const contract = ['withdrawal.broadcasted', 'withdrawal.confirmed', 'withdrawal.failed'];
    const earlier = [...contract, 'withdrawal.cancelled', 'webhook.paused'];
    await webhooks.register({ url: receiver.url('/other'), events: earlier });

    await webhooks.tell(
      aStep({ type: 'withdrawal.awaiting_approval.v1' }),
      aStep({ type: 'withdrawal.submitting.v1', approved: true }),
      aStep({ type: 'withdrawal.submitting.v1' }),
    );

    expect(await webhooks.deliveries()).toMatchObject(
      events.map((event) => ({ webhook_id: id, event })),
    );
  });
});

describe('a webhook that is paused', () => {
  it('is told when it is resumed', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/paused') });
    expect((await webhooks.ask('POST', `webhooks/${id}/pause`)).body.data).toMatchObject({
      state: 'paused',
      paused_because: 'wish',
    });
    await webhooks.tell(aStep());
    expect(await webhooks.deliveries()).toMatchObject([{ status: 'pending', attempts: [] }]);
    expect((await webhooks.ask('POST', `webhooks/${id}/test`)).status).toBe(409);

    const { body } = await webhooks.ask('POST', `webhooks/${id}/resume`);

    expect(body.data).toMatchObject({ state: 'enabled', paused_at: null, paused_because: null });
    await eventually(
      async () => expect(await webhooks.deliveries()).toMatchObject([{ status: 'delivered' }]),
      PATIENCE,
    );
  });

  it('is so by itself after days of nothing but failures, and others that subscribe it are told', async () => {
    const failing = await webhooks.register({ url: receiver.url('/500') });
    const recovered = await webhooks.register({ url: receiver.url('/once-failed') });
    await webhooks.register({ url: receiver.url('/told'), events: ['webhook.paused'] });
    await webhooks.tell(aStep());
    await eventually(async () => {
      const { body } = await webhooks.ask<WebhookDto>('GET', `webhooks/${failing.id}`);
      expect(body.data.failing_since).not.toBeNull();
    }, PATIENCE);
    const pause = () => webhooks.app.get(PauseFailingWebhooks).pauseFailing();
    expect(await pause()).toBe(0);
    await webhooks.database.query(
      `UPDATE webhook SET failing_since = now() - interval '73 hours', failed_at = now() WHERE id = $1`,
      [failing.id],
    );
    await webhooks.database.query(
      `UPDATE webhook SET failing_since = now() - interval '73 hours', failed_at = now() - interval '72 hours' WHERE id = $1`,
      [recovered.id],
    );

    expect(await Promise.all([pause(), pause()])).toEqual(expect.arrayContaining([0, 1]));

    await eventually(() => expect(receiver.at('/told')).toHaveLength(1), PATIENCE);
    expect(JSON.parse(receiver.at('/told')[0]?.body ?? '')).toMatchObject({
      event: 'webhook.paused',
      data: { webhook_id: failing.id, url: failing.url, reason: 'failures' },
    });
    expect((await webhooks.ask('GET', `webhooks/${failing.id}`)).body.data).toMatchObject({
      state: 'paused',
      paused_because: 'failures',
    });
    expect((await webhooks.ask('GET', `webhooks/${recovered.id}`)).body.data).toMatchObject({
      state: 'enabled',
    });
  });
});

describe('a webhook that is deleted', () => {
  it('is told no more, forgets its secret, and its deliveries can be looked at', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/500') });
    await webhooks.tell(aStep());
    await webhooks.ask('POST', `webhooks/${id}/pause`);

    expect((await webhooks.ask('DELETE', `webhooks/${id}`)).body.data).toMatchObject({
      state: 'deleted',
    });
    await webhooks.tell(aStep());

    const { body } = await webhooks.ask<DeliveryDto[]>('GET', `webhooks/${id}/deliveries`);
    expect(body.data).toMatchObject([{ status: 'failed', next_retry_at: null }]);
    expect((await webhooks.ask('GET', `webhooks?account=${ACCOUNT}`)).body.data).toEqual([]);
    expect((await webhooks.ask('DELETE', `webhooks/${id}`)).status).toBe(404);
    expect((await webhooks.ask('POST', `webhooks/${id}/resume`)).status).toBe(404);
    expect(await webhooks.database.query('SELECT 1 FROM webhook WHERE sealed IS NOT NULL')).toEqual(
      [],
    );
  });

  it('is not found for another account', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/a') });
    const other = randomUUID();

    for (const method of ['GET', 'DELETE'] as const)
      expect((await webhooks.ask(method, `webhooks/${id}?account=${other}`)).status).toBe(404);
    expect((await webhooks.ask('GET', `webhooks/${id}?account=${ACCOUNT}`)).status).toBe(200);
  });
});

describe('a test event', () => {
  it('is sent to a webhook that subscribes something else', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/test') });

    const { status, body } = await webhooks.ask<DeliveryDto>('POST', `webhooks/${id}/test`);

    expect(status).toBe(201);
    expect(body.data).toMatchObject({ event: 'webhook.test', webhook_id: id });
    await eventually(() => expect(receiver.at('/test')).toHaveLength(1), PATIENCE);
  });
});

describe('another SECRETS_KEK', () => {
  it('opens what the one before has sealed, and takes its place', async () => {
    const { secret } = await webhooks.register({ url: receiver.url('/rewrapped') });
    const { id: changed } = await webhooks.register({ url: receiver.url('/changed') });
    await webhooks.database.query(`UPDATE webhook SET url = 'https://x.example' WHERE id = $1`, [
      changed,
    ]);
    const url = webhooks.url;
    await webhooks.close();
    const next = { SECRETS_KEK: Buffer.alloc(32, 'the next kek').toString('base64') };
    webhooks = await givenWebhooks(url, { SECRETS_KEK: `${next.SECRETS_KEK}\n${KEK}` });

    expect((await webhooks.ask('POST', 'webhooks/rewrap')).body.data).toEqual({
      sealed: 1,
      refused: [changed],
    });
    await webhooks.close();
    webhooks = await givenWebhooks(url, next);
    await webhooks.tell(aStep());

    await eventually(() => expect(receiver.at('/rewrapped')).toHaveLength(1), PATIENCE);
    const [sent] = receiver.at('/rewrapped');
    const timestamp = String(sent?.headers['x-cpg-timestamp']);
    const signature = String(sent?.headers['x-cpg-signature']);
    expect(verifyWebhook(secret, { timestamp, body: sent?.body ?? '' }, signature)).toBe(true);
  });
});

describe('deliveries', () => {
  it('come in pages, the newest first, and by their status', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/pages') });
    await webhooks.ask('POST', `webhooks/${id}/pause`);
    await webhooks.tell(...Array.from({ length: 5 }, () => aStep()));
    const page = async (query: string) =>
      (await webhooks.ask<DeliveryDto[]>('GET', `webhooks/${id}/deliveries?${query}`)).body;

    const first = await page('limit=2&status=pending');
    const second = await page(`limit=3&cursor=${first.next_cursor}`);

    const numbers = [...first.data, ...second.data].map((delivery) => delivery.id);
    const stored = await webhooks.deliveries();
    expect(numbers).toEqual(stored.map((delivery) => delivery.id).reverse());
    const withdrawals = stored.map(
      ({ body }) => (JSON.parse(body) as AccountEventDto).data['withdrawal_id'],
    );
    expect(withdrawals).toEqual([...withdrawals].sort());
    expect(new Set(numbers).size).toBe(5);
    expect(second.next_cursor).toBeNull();
    expect((await page('status=failed')).data).toEqual([]);
    expect((await page('status=delivered')).data).toEqual([]);
    expect((await webhooks.ask('GET', `webhooks/${id}/deliveries?status=x`)).status).toBe(422);
    expect((await webhooks.ask('GET', `webhooks/${randomUUID()}/deliveries`)).status).toBe(404);
  });

  it('that have failed are sent again as they were: one, or all of a time', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/again') });
    await webhooks.ask('POST', `webhooks/${id}/pause`);
    await webhooks.tell(aStep(), aStep(), aStep());
    await webhooks.database.query(
      `UPDATE delivery SET status = 'failed', attempt_count = 7, next_attempt_at = NULL, ended_at = now() WHERE webhook_id IS NOT NULL`,
    );
    await webhooks.ask('POST', `webhooks/${id}/resume`);
    const [one, ...others] = await webhooks.deliveries();
    const again = await webhooks.ask<DeliveryDto>('POST', `deliveries/${one?.id ?? 0}/requeue`);
    expect(again).toMatchObject({ status: 200, body: { data: { attempt_count: 0 } } });

    const time = { from: '2026-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' };
    const all = await webhooks.ask('POST', `webhooks/${id}/requeue`, time);

    expect(all.body.data).toEqual({ requeued: others.length });
    await eventually(() => expect(receiver.at('/again')).toHaveLength(3), PATIENCE);
    expect(
      receiver
        .at('/again')
        .map(({ body }) => body)
        .sort(),
    ).toEqual([one, ...others].map((delivery) => delivery?.body).sort());
    const early = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    expect((await webhooks.ask('POST', `webhooks/${id}/requeue`, early)).body.data).toEqual({
      requeued: 0,
    });
  });

  it('that are being sent are not sent a second time', async () => {
    await webhooks.register({ url: receiver.url('/first-held') });
    await webhooks.tell(aStep());
    await eventually(() => expect(receiver.at('/first-held')).toHaveLength(1), PATIENCE);
    const [delivery] = await webhooks.deliveries();

    const refused = await webhooks.ask('POST', `deliveries/${delivery?.id ?? 0}/requeue`);

    expect(refused).toMatchObject({
      status: 409,
      body: { message: 'This delivery is being sent' },
    });
    receiver.release();
  });

  it.each(['deliveries/1', 'deliveries/1/requeue'])('that are not there: %s', async (path) => {
    const method = path.endsWith('requeue') ? 'POST' : 'GET';
    expect(await webhooks.ask<DeliveryHistoryDto>(method, path)).toMatchObject({
      status: 404,
      body: { message: 'Delivery not found' },
    });
  });
});
