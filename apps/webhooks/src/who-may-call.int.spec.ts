import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { newServiceKey, type RoutesDocument, wrongAnswers } from '@sluice/test-servers';
import { givenWebhooks, migrated, type TestWebhooks } from './testkit/given-webhooks.js';

const KEY = newServiceKey();

describe('the admin API of webhooks', () => {
  let webhooks: TestWebhooks;
  beforeAll(async () => {
    const url = await migrated();
    webhooks = await givenWebhooks(url, { SERVICE_CALLERS: `{"intake-api":[${KEY.publicKey}]}` });
  });
  afterAll(() => webhooks.close());

  it('lets in whom each route names, and nobody else', async () => {
    const { app, issuer, service } = webhooks;
    const now = (): Date => service.clock.now();
    const credential = new ServiceCredential(
      'intake-api',
      'webhooks',
      new Secret(KEY.privateKey),
      now,
    );
    const statusOf = async (method: string, url: string, token: string | undefined) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await app.inject({ method: method as 'GET', url, headers })).statusCode;
    };
    const { body } = await app
      .inject({
        url: '/internal/openapi.json',
        headers: { authorization: `Bearer ${issuer.tokenOf('demo')}` },
      })
      .then((response) => ({ body: response.json<RoutesDocument>() }));

    const { asked, wrong } = await wrongAnswers(body, issuer, statusOf, {
      'intake-api': await credential.token(),
    });

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });

  it.each([
    ['PATCH', '', { url: 'https://elsewhere.example/' }],
    ['POST', '/rotate', { overlap_seconds: 0 }],
  ] as const)(
    'lets no operator redirect a webhook or read a new secret: %s %s',
    async (method, path, payload) => {
      const { app, issuer } = webhooks;
      const url = `/internal/webhooks/0192f3a4-7c11-7000-8000-000000000001${path}`;
      const headers = { authorization: `Bearer ${issuer.tokenOf('demo')}` };

      const { statusCode } = await app.inject({ method, url, payload, headers });

      expect(statusCode).toBe(403);
    },
  );
});
