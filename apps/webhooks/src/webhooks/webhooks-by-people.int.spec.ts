import type { AwaitedDto, CreatedWebhookDto, WebhookDto } from '@sluice/http-api';
import { signVoucher } from '@sluice/signing';
import { passkeyHeader, softwarePasskey, testMessageKeys } from '@sluice/test-kit';
import { ACCOUNT, givenWebhooks, migrated, type TestWebhooks } from '../testkit/given-webhooks.js';

const WISH = {
  account: ACCOUNT,
  url: 'https://127.0.0.1:8443/spy',
  events: ['withdrawal.confirmed'],
};

describe('a webhook by operators', () => {
  let webhooks: TestWebhooks;
  beforeEach(async () => void (webhooks = await givenWebhooks(await migrated())));
  afterEach(async () => {
    const violations = await webhooks.violations();
    await webhooks.close();
    expect(violations).toEqual([]);
  });

  const ask = (person: string, wish: object = WISH) =>
    webhooks.askAs<AwaitedDto>(person, 'POST', 'webhooks', wish);
  const approve = (person: string, id: string) =>
    webhooks.askAs<{ result: CreatedWebhookDto }>(person, 'POST', `approvals/${id}`);
  const list = async () =>
    (await webhooks.ask<WebhookDto[]>('GET', `webhooks?account=${ACCOUNT}`)).body.data;

  it('by one person awaits a second person, and receives nothing', async () => {
    const asked = await ask('olivia');

    expect(asked).toMatchObject({
      status: 202,
      body: {
        data: {
          code: 'webhook_by_operator',
          message: `A webhook of account ${ACCOUNT} takes the customer's API key, or two people.`,
        },
      },
    });
    expect((await ask('olivia')).status).toBe(409);
    expect(await list()).toEqual([]);
  });

  it('is refused through a server that would see the secret: nothing is asked, and nothing approved', async () => {
    const client = { client_id: 'sluice-console' };
    const passkey = softwarePasskey();
    const throughConsole = (person: string, path: string, body: object) => {
      const { credentialId, publicKey } = passkey;
      const call = {
        service: 'webhooks',
        method: 'POST',
        target: `/internal/${path}`,
        body: JSON.stringify(body),
      };
      const voucher = signVoucher(testMessageKeys('webhooks').with('ledger'), {
        service: 'webhooks',
        person,
        credentialId,
        publicKey,
        rpId: 'localhost',
        origins: ['http://localhost:7420'],
        issuedAt: new Date().toISOString(),
      });
      const header = { 'sluice-passkey': passkeyHeader(passkey, { ...call, voucher }) };
      return webhooks.sent(webhooks.issuer.tokenOf(person, client), 'POST', path, body, header);
    };
    const refused = {
      status: 403,
      body: {
        message: expect.stringMatching(
          /^The secret of this webhook would pass another server/,
        ) as string,
      },
    };

    expect(await throughConsole('olivia', 'webhooks', WISH)).toMatchObject(refused);
    const { approval_id: id } = (await ask('olivia')).body.data;
    const [{ digest } = { digest: '' }] = (
      await webhooks.ask<readonly { readonly digest: string }[]>('GET', 'approvals')
    ).body.data;
    expect(await throughConsole('peter', 'webhooks', WISH)).toMatchObject(refused);
    expect(await throughConsole('peter', `approvals/${id}`, { digest })).toMatchObject(refused);
    expect(await list()).toEqual([]);
    expect((await approve('peter', id)).status).toBe(200);
  });

  it('is reported to every other webhook of the account, whatever its events', async () => {
    const own = await webhooks.register({ url: 'https://127.0.0.1:8443/own' });
    const asked = (await ask('olivia')).body.data;
    const { result } = (await approve('peter', asked.approval_id)).body.data;

    expect(result).toMatchObject({ url: WISH.url, secret: expect.stringMatching(/^whsec_/) });
    expect(await webhooks.deliveries()).toMatchObject([
      { webhook_id: own.id, event: 'webhook.created' },
    ]);
    const [row] = await webhooks.database.query<{ body: string }>('SELECT body FROM delivery');
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      data: { webhook_id: result.id, url: WISH.url, created_by: 'operator' },
    });
    expect((await approve('demo', asked.approval_id)).status).toBe(409);
    expect(await list()).toHaveLength(2);
  });

  it('shows no secret of a request that the customer made with the same key', async () => {
    const wish = { ...WISH, idempotency_key: 'the customer’s' };
    await webhooks.register(wish);

    expect((await ask('olivia', { ...wish, description: null })).status).toBe(409);
  });

  it('by the customer takes no approval, and is reported to no other webhook', async () => {
    await webhooks.register({ url: 'https://127.0.0.1:8443/own' });
    await webhooks.register({ url: 'https://127.0.0.1:8443/other' });

    expect(await webhooks.deliveries()).toEqual([]);
  });
});
