import { decodeJwt } from 'jose';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { givenWebhooksApi, type WebhooksReply } from '../testkit/given-webhooks-api.js';

const OWN = '0192f3a4-7c11-7000-8000-000000000001';
const FOREIGN = '0192f3a4-7c11-7000-8000-000000000002';

describe('webhooks of an account', () => {
  let postgres: TestPostgres;
  let webhooks: Awaited<ReturnType<typeof givenWebhooksApi>>;
  let api: TestApi;
  let account: string;
  let key: { keyId: string; secret: string };
  const replies: Record<string, WebhooksReply> = {};

  beforeAll(async () => {
    postgres = await withTestPostgres();
    webhooks = await givenWebhooksApi(replies);
    api = await givenApi(await postgres.createDatabase('intake'), { WEBHOOKS_URL: webhooks.url });
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
  afterAll(async () => {
    await Promise.all([api.close(), webhooks.close()]);
    await postgres.stop();
  });

  const SHOWN = {
    id: OWN,
    url: 'https://shop.example/hooks',
    events: ['withdrawal.confirmed'],
    description: 'shop',
    state: 'enabled',
    created_at: '2026-11-20T08:00:00+00:00',
  };
  const WISH = { url: SHOWN.url, events: SHOWN.events, description: 'shop' };
  const send = (method: string, target: string, body?: object) =>
    api.send({ method, target, key, ...(body && { body: JSON.stringify(body) }) });
  const refusal = (status: number, message: string) => ({
    status,
    body: { success: false, message },
  });

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
    [400, 'url: URL should lead to the public internet; events: "all" is not one of …'],
    [409, 'An account may have 50 webhooks'],
  ])('are refused with %d and the sentence of the service that has them', async (status, said) => {
    replies['POST /internal/webhooks'] = { status, message: said };

    expect(await send('POST', '/v1/webhooks', WISH)).toMatchObject(refusal(status, said));
  });

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
    const away = await givenApi(await postgres.createDatabase('away'), {
      WEBHOOKS_URL: 'http://127.0.0.1:1',
    });
    const without = await givenApi(await postgres.createDatabase('without'));
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

function aWebhook(id: string, account: string) {
  return {
    ...{ id, account, url: 'https://shop.example/hooks', events: ['withdrawal.confirmed'] },
    ...{ description: 'shop', state: 'enabled', created_at: '2026-11-20T08:00:00.481Z' },
  };
}
