import { decodeJwt } from 'jose';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi, refusal } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { givenWebhooksApi, type WebhooksReply } from '../testkit/given-webhooks-api.js';

const OWN = '0192f3a4-7c11-7000-8000-000000000001';
const FOREIGN = '0192f3a4-7c11-7000-8000-000000000002';

describe('webhooks of an account', () => {
  let webhooks: Awaited<ReturnType<typeof givenWebhooksApi>>;
  let api: TestApi;
  let account: string;
  let key: { keyId: string; secret: string };
  const replies: Record<string, WebhooksReply> = {};

  beforeAll(async () => {
    webhooks = await givenWebhooksApi(replies);
    api = await givenApi(await testDatabase('intake'), { WEBHOOKS_URL: webhooks.url });
    account = await givenAccount(api.database);
    key = await api.createKey(account, ['manage_webhooks']);
  });
  beforeEach(() => {
    const own = aWebhook(OWN, account);
    Object.assign(replies, {
      'GET /internal/webhooks': { data: [own] },
      'POST /internal/webhooks': { status: 201, data: { ...own, secret: 'whsec_MfKQ9r8G' } },
      [`GET /internal/webhooks/${OWN}`]: { data: own },
      [`DELETE /internal/webhooks/${OWN}`]: { data: { ...own, state: 'deleted' } },
    });
    webhooks.asked.length = 0;
  });
  afterAll(() => Promise.all([api.close(), webhooks.close()]));

  const SHOWN = {
    id: OWN,
    url: 'https://shop.example/hooks',
    events: ['withdrawal.confirmed'],
    description: 'shop',
    state: 'enabled',
    created_at: '2026-11-20T08:00:00+00:00',
    paused_at: null,
    paused_because: null,
    failing_since: null,
    previous_secret_until: null,
  };
  const WISH = { url: SHOWN.url, events: SHOWN.events, description: 'shop' };
  const send = (method: string, target: string, body?: object) =>
    api.send({ method, target, key, ...(body && { body: JSON.stringify(body) }) });

  it('are registered for the account of the key, whatever the body says, and the secret is shown', async () => {
    const answer = await send('POST', '/v1/webhooks', { ...WISH, account: 'somebody else' });

    expect(answer).toMatchObject({ status: 200, body: { success: true, message: 'OK' } });
    expect(answer.body.data).toEqual({ ...SHOWN, secret: 'whsec_MfKQ9r8G' });
    expect(webhooks.asked).toMatchObject([
      { call: 'POST /internal/webhooks', body: { ...WISH, account } },
    ]);
  });

  it('are asked for with a credential of this service, which is good there alone', async () => {
    await send('GET', '/v1/webhooks');

    const token = webhooks.asked[0]?.authorization?.replace('Bearer ', '') ?? '';
    expect(decodeJwt(token)).toMatchObject({ iss: 'intake-api', aud: 'webhooks' });
  });

  it('are listed, those of the account alone, without a secret', async () => {
    expect((await send('GET', '/v1/webhooks')).body).toEqual({
      success: true,
      message: 'OK',
      data: [SHOWN],
      data_count: 1,
    });
    expect(webhooks.asked[0]?.call).toBe(`GET /internal/webhooks?account=${account}`);
  });

  it('are shown and deleted one by one, as those of the account', async () => {
    expect((await send('GET', `/v1/webhooks/${OWN}`)).body.data).toEqual(SHOWN);
    expect((await send('DELETE', `/v1/webhooks/${OWN}`)).body.data).toEqual({
      ...SHOWN,
      state: 'deleted',
    });
    expect(webhooks.asked.map(({ call }) => call)).toEqual(
      ['GET', 'DELETE'].map((method) => `${method} /internal/webhooks/${OWN}?account=${account}`),
    );
  });

  it.each(['GET', 'DELETE'])(
    'are not found by %s where their service knows none of this account',
    async (method) => {
      expect(await send(method, `/v1/webhooks/${FOREIGN}`)).toMatchObject(
        refusal(404, 'Webhook not found'),
      );
      expect(webhooks.asked.map(({ call }) => call)).toEqual([
        `${method} /internal/webhooks/${FOREIGN}?account=${account}`,
      ]);
    },
  );

  it('show that they are paused, since when and why', async () => {
    const paused = {
      state: 'paused',
      paused_at: '2026-11-20T09:00:00.000Z',
      paused_because: 'failures',
      failing_since: '2026-11-17T08:59:00.000Z',
    };
    replies['GET /internal/webhooks'] = { data: [{ ...aWebhook(OWN, account), ...paused }] };

    expect((await send('GET', '/v1/webhooks')).body.data).toMatchObject([
      {
        state: 'paused',
        paused_because: 'failures',
        paused_at: '2026-11-20T09:00:00+00:00',
        failing_since: '2026-11-17T08:59:00+00:00',
      },
    ]);
  });

  it.each<[string, string, object | undefined, string, object | null]>([
    [
      'PATCH',
      '',
      { url: 'https://new.example/', events: null, description: null },
      'PATCH /internal/webhooks/$ID?account=$ACCOUNT',
      { url: 'https://new.example/', description: null },
    ],
    [
      'POST',
      '/rotate-secret',
      {},
      'POST /internal/webhooks/$ID/rotate?account=$ACCOUNT',
      { overlap_seconds: 86_400 },
    ],
    [
      'POST',
      '/rotate-secret',
      { overlap_seconds: 0, idempotency_key: 'once' },
      'POST /internal/webhooks/$ID/rotate?account=$ACCOUNT',
      { overlap_seconds: 0, idempotency_key: 'once' },
    ],
    ['POST', '/resume', undefined, 'POST /internal/webhooks/$ID/resume?account=$ACCOUNT', null],
    ['POST', '/test', undefined, 'POST /internal/webhooks/$ID/test?account=$ACCOUNT', null],
    [
      'GET',
      '/deliveries?status=failed&limit=2&cursor=9',
      undefined,
      'GET /internal/webhooks/$ID/deliveries?cursor=9&limit=2&status=failed&account=$ACCOUNT',
      null,
    ],
    [
      'GET',
      '/deliveries/17',
      undefined,
      'GET /internal/deliveries/17?account=$ACCOUNT&webhook=$ID',
      null,
    ],
    [
      'POST',
      '/deliveries/17/redeliver',
      undefined,
      'POST /internal/deliveries/17/requeue?account=$ACCOUNT&webhook=$ID',
      null,
    ],
  ])('of the account alone are asked for by %s …%s %j', async (method, path, body, call, asked) => {
    const own = aWebhook(OWN, account);
    Object.assign(replies, {
      [`PATCH /internal/webhooks/${OWN}`]: { data: own },
      [`POST /internal/webhooks/${OWN}/rotate`]: { data: { ...own, secret: 'whsec_next' } },
      [`POST /internal/webhooks/${OWN}/resume`]: { data: own },
      [`POST /internal/webhooks/${OWN}/test`]: { status: 201, data: DELIVERY },
      [`GET /internal/webhooks/${OWN}/deliveries`]: { data: [DELIVERY] },
      'GET /internal/deliveries/17': { data: { ...DELIVERY, body: '{}', attempts: [ATTEMPT] } },
      'POST /internal/deliveries/17/requeue': { data: DELIVERY },
    });

    const { status, body: answer } = await send(method, `/v1/webhooks/${OWN}${path}`, body);

    expect([status, answer.message]).toEqual([200, 'OK']);
    expect(JSON.stringify(answer)).not.toContain('what the receiver said');
    const expected = call.replace('$ID', OWN).replace('$ACCOUNT', account);
    expect(webhooks.asked).toMatchObject([{ call: expected, body: asked }]);
  });

  it('show their deliveries with each attempt, and without what the receiver answered', async () => {
    replies['GET /internal/deliveries/17'] = {
      data: { ...DELIVERY, body: '{"id":17}', attempts: [ATTEMPT] },
    };

    expect((await send('GET', `/v1/webhooks/${OWN}/deliveries/17`)).body.data).toEqual({
      id: 17,
      webhook_id: OWN,
      event: 'withdrawal.confirmed',
      status: 'pending',
      attempt_count: 1,
      next_retry_at: '2026-11-20T08:01:00+00:00',
      ended_at: null,
      created_at: '2026-11-20T08:00:00+00:00',
      body: '{"id":17}',
      attempts: [
        {
          started_at: '2026-11-20T08:00:00+00:00',
          duration_ms: 12,
          http_status: 500,
          error: null,
        },
      ],
    });
  });

  it.each<[string, number, string, number, string]>([
    ['/test', 409, 'This webhook is paused', 409, 'This webhook is paused'],
    ['/test', 429, 'Rate limit exceeded', 429, 'Rate limit exceeded'],
    [
      '/rotate-secret',
      409,
      'Idempotency-Key was already used: its secret is answered for a day',
      409,
      'Idempotency-Key was already used',
    ],
    [
      '/rotate-secret',
      409,
      'The secret of this webhook is being replaced already',
      409,
      'The secret of this webhook is being replaced already',
    ],
    ['/deliveries/17/redeliver', 404, 'Delivery not found', 404, 'Delivery not found'],
    [
      '/deliveries/17/redeliver',
      409,
      'This delivery is being sent',
      409,
      'This delivery is being sent',
    ],
    [
      '/deliveries/17/redeliver',
      409,
      'The webhook of this delivery is deleted',
      404,
      'Webhook not found',
    ],
  ])(
    'refused at %s with %d %s are refused with %d %s',
    async (path, status, said, own, sentence) => {
      for (const call of [
        `webhooks/${OWN}/test`,
        `webhooks/${OWN}/rotate`,
        'deliveries/17/requeue',
      ])
        replies[`POST /internal/${call}`] = { status, message: said };

      expect(await send('POST', `/v1/webhooks/${OWN}${path}`, {})).toMatchObject(
        refusal(own, sentence),
      );
    },
  );

  it('are registered once by an idempotency key, of the body or of the header', async () => {
    const header = { 'idempotency-key': 'once' };
    const post = (body: object, headers = {}) =>
      api.post('/v1/webhooks', { ...WISH, ...body }, { key, headers });

    await post({ idempotency_key: 'once' });
    await post({ description: 'by header' }, header);

    expect(webhooks.asked.map(({ body }) => body)).toMatchObject([
      { idempotency_key: 'once' },
      { idempotency_key: 'once' },
    ]);
    expect(await post({ idempotency_key: 'another' }, header)).toMatchObject(
      refusal(422, 'Idempotency-Key: Header should be the same as idempotency_key'),
    );
  });

  it.each(['', `/${OWN}/rotate-secret`])(
    'are answered with a mark by POST /v1/webhooks%s where their service has replayed its answer',
    async (path) => {
      const call = `POST /internal/webhooks${path.replace('-secret', '')}`;
      const markOf = async (answer: object) => {
        const data = { ...aWebhook(OWN, account), secret: 'whsec_MfKQ9r8G', ...answer };
        replies[call] = { status: path === '' ? 201 : 200, data };
        const body = path === '' ? WISH : {};
        return (await send('POST', `/v1/webhooks${path}`, body)).headers['idempotent-replayed'];
      };

      expect(await markOf({ replayed: true })).toBe('true');
      expect(await markOf({ replayed: false })).toBeUndefined();
    },
  );

  it('have told events, which are asked for by their filters', async () => {
    const event = {
      id: 9,
      event: 'withdrawal.failed',
      created_at: '2026-11-20T08:00:00Z',
      api_version: '1',
      data: { client_reference: 'order-1' },
    };
    replies['GET /internal/events'] = { data: [event] };

    const answer = await send(
      'GET',
      '/v1/events?event=withdrawal.failed&withdrawal_id=17&client_reference=order-1&created_since=2026-11-20T08:00:00Z&limit=3&cursor=99',
    );

    expect(answer).toMatchObject({
      status: 200,
      body: { data: [event], data_count: 1, next_cursor: null, has_more: false },
    });
    const asked = new URL(webhooks.asked[0]?.call.replace('GET ', 'http://x') ?? '');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      event: 'withdrawal.failed',
      withdrawal_id: '17',
      client_reference: 'order-1',
      since: '2026-11-20T08:00:00.000Z',
      limit: '3',
      cursor: '99',
      account,
    });
  });

  it.each([
    [
      '/v1/events?clientReference=X',
      'clientReference: Unknown field; did you mean client_reference?',
    ],
    ['/v1/events?client_reference=', 'client_reference: String should have at least 1 characters'],
    [`/v1/webhooks/${OWN}/deliveries?staus=failed`, 'staus: Unknown field; did you mean status?'],
    [
      `/v1/webhooks/${OWN}/deliveries?status=`,
      'status: Input should be one of pending, delivered, failed',
    ],
  ])('are in no list where a filter is misspelt or empty: %s', async (target, message) => {
    expect(await api.send({ target, key })).toMatchObject(refusal(422, message));
    expect(webhooks.asked).toEqual([]);
  });

  it.each(['/v1/events', `/v1/webhooks/${OWN}/deliveries`, `/v1/webhooks/${OWN}/deliveries/17`])(
    'are shown to keys with the permission alone: %s',
    async (target) => {
      const reader = await api.createKey(account, ['read_withdrawal_status']);
      expect(await api.send({ target, key: reader })).toMatchObject(
        refusal(403, 'API key does not have the required permission'),
      );
      expect(webhooks.asked).toEqual([]);
    },
  );

  it('have ids of one form', async () => {
    expect(await send('GET', '/v1/webhooks/17')).toMatchObject(
      refusal(422, 'webhook_id: Input should be a lower-case UUID'),
    );
  });

  it.each([
    [{}, 'url: Field required; events: Field required'],
    [{ ...WISH, events: [] }, 'events: List should have at least 1 items'],
    [{ ...WISH, url: 7 }, 'url: Input should be a valid string'],
  ])('are refused by their form before anybody is asked: %j', async (body, message) => {
    expect(await send('POST', '/v1/webhooks', body)).toMatchObject(refusal(422, message));
    expect(webhooks.asked).toEqual([]);
  });

  it.each([
    [400, 422, 'url: URL should lead to the public internet; events: "all" is not one of …'],
    [409, 409, 'An account may have 50 webhooks'],
  ])(
    'refused there with %d they are refused with %d and that sentence',
    async (status, own, said) => {
      replies['POST /internal/webhooks'] = { status, message: said };

      expect(await send('POST', '/v1/webhooks', WISH)).toMatchObject(refusal(own, said));
    },
  );

  it.each([500, 503, 401, 403])(
    'are a 503 where their service answers %d: that is nothing of the customer',
    async (status) => {
      replies['GET /internal/webhooks'] = { status, message: 'the token has expired' };

      expect(await send('GET', '/v1/webhooks')).toMatchObject({
        ...refusal(503, 'Service temporarily unavailable'),
        headers: { 'retry-after': expect.any(String) },
      });
    },
  );

  it('are a 503 where nobody answers, and no path where there is no such service', async () => {
    const away = await givenApi(await testDatabase('away'), {
      WEBHOOKS_URL: 'http://127.0.0.1:1',
    });
    const without = await givenApi(await testDatabase('without'));
    for (const [one, expected] of [
      [away, refusal(503, 'Service temporarily unavailable')],
      [without, refusal(404, 'Not found')],
    ] as const) {
      const holder = await one.createKey(await givenAccount(one.database), ['manage_webhooks']);
      expect(await one.send({ target: '/v1/webhooks', key: holder })).toMatchObject(expected);
      await one.close();
    }
  });
});

const DELIVERY = {
  id: 17,
  webhook_id: OWN,
  event: 'withdrawal.confirmed',
  status: 'pending',
  attempt_count: 1,
  next_retry_at: '2026-11-20T08:01:00.000Z',
  ended_at: null,
  created_at: '2026-11-20T08:00:00.000Z',
};
const ATTEMPT = {
  started_at: '2026-11-20T08:00:00.000Z',
  duration_ms: 12,
  status: 500,
  error: null,
  request_headers: {},
  answer: 'what the receiver said',
};

function aWebhook(id: string, account: string) {
  return {
    id,
    account,
    url: 'https://shop.example/hooks',
    events: ['withdrawal.confirmed'],
    description: 'shop',
    state: 'enabled',
    created_at: '2026-11-20T08:00:00.481Z',
    paused_at: null,
    paused_because: null,
    failing_since: null,
    previous_secret_until: null,
  };
}
