import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type ApiAnswer, type TestApi, refusal } from './testkit/given-api.js';
import { published } from './testkit/given-intake.js';

/** What the controllers take and answer, as OpenAPI names it. */
const DESCRIBED = [
  'GET /v1/_ping: PingDto',
  'GET /internal/accounts/{account_id}/keys: ApiKeyDto',
  'POST /internal/accounts/{account_id}/keys: CreateApiKeyDto, CreatedApiKeyDto, AwaitedDto',
  'POST /internal/keys/{key_id}/rotate: RotateApiKeyDto, RotatedApiKeyDto, AwaitedDto',
  'POST /internal/keys/rewrap: RewrappedKeysDto',
  'POST /internal/keys/{key_id}/revoke: RevokedApiKeyDto',
  'GET /internal/accounts: AccountRowDto',
  'POST /internal/accounts: CreateAccountDto, CreatedAccountDto',
  'GET /v1/balances: BalanceDto',
  'PUT /internal/accounts/{account_id}/settings: AccountSettingsDto, AccountSettingsDto',
  'GET /internal/accounts/{account_id}/balances: AccountBalanceDto',
  'POST /internal/accounts/{account_id}/fundings: FundAccountDto, AccountFundingDto, AwaitedDto',
  'GET /internal/routes: RouteDto',
  'PUT /internal/routes: SetRouteDto, RouteDto',
  'POST /v1/webhooks: RegisterWebhookDto, NewWebhookDto',
  'GET /v1/webhooks: RegisteredWebhookDto',
  'GET /v1/webhooks/{webhook_id}: RegisteredWebhookDto',
  'DELETE /v1/webhooks/{webhook_id}: RegisteredWebhookDto',
  'GET /internal/terms/networks: NetworkTermsDto',
  'POST /internal/terms/networks: SetNetworkTermsDto, NetworkTermsDto, AwaitedDto',
  'GET /internal/terms/currencies: CurrencyTermsDto',
  'POST /internal/terms/currencies: SetCurrencyTermsDto, CurrencyTermsDto, AwaitedDto',
  'GET /internal/accounts/{account_id}/terms: AccountTermsDto',
  'POST /internal/accounts/{account_id}/terms: SetAccountTermsDto, AccountTermsDto, AwaitedDto',
  'POST /v1/withdrawals: CreateWithdrawalDto, SubmittedWithdrawalDto, WithdrawalStatusDto',
  'GET /v1/withdrawals/{withdrawal_id}: WithdrawalStatusDto',
  'DELETE /v1/withdrawals/{withdrawal_id}: WithdrawalStatusDto',
  'GET /internal/withdrawals: WithdrawalRowDto',
  'GET /internal/withdrawals/{ref}: WithdrawalDto',
];

function operations({ paths }: OpenAPIObject): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const named = JSON.stringify(operation).matchAll(/schemas\/(\w+)/g);
      return `${method.toUpperCase()} ${path}: ${[...named].map(([, name]) => name).join(', ')}`;
    }),
  );
}

/** The endpoints themselves; the check of tokens belongs to libs/service-shell. */
describe('the admin API', () => {
  let api: TestApi;
  let accountId: string;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    accountId = String(
      (await post('/internal/accounts', { name: 'demo' })).body.data['account_id'],
    );
  });
  afterAll(() => api.close());

  const post = (target: string, body?: object): Promise<ApiAnswer> =>
    api.send({ method: 'POST', target, ...(body && { body: JSON.stringify(body) }) });

  it('open an account here and, by command, in the ledger', async () => {
    expect(await published(api.database)).toMatchObject([
      { type: 'ledger.open-account.v1', key: accountId, data: { accountId, name: 'demo' } },
    ]);
  });

  it('create a key that works until it is revoked', async () => {
    const created = await api.byTwo(`accounts/${accountId}/keys`, {
      permissions: ['withdraw', 'withdraw'],
      rate_limit_per_min: 5,
      any_address: true,
    });
    expect(created).toMatchObject({
      status: 200,
      body: {
        data: {
          permissions: ['withdraw'],
          rate_limit_per_min: 5,
          allowed_ips: [],
          warning: expect.stringContaining('from any address') as string,
        },
      },
    });
    const key = {
      keyId: String(created.body.data['key_id']),
      secret: String(created.body.data['secret']),
    };
    expect((await api.send({ target: '/v1/_ping', key })).status).toBe(200);

    expect((await post(`/internal/keys/${key.keyId}/revoke`)).status).toBe(200);

    expect(await api.send({ target: '/v1/_ping', key })).toMatchObject(
      refusal(401, 'Invalid API key'),
    );
    expect(await post('/internal/keys/ck_none/revoke')).toMatchObject(
      refusal(404, 'API key not found'),
    );
  });

  it.each<[object | undefined, string]>([
    [undefined, 'body: Field required'],
    [
      { permissions: ['withdraw'] },
      'allowed_ips: A key that may withdraw needs them, or any_address',
    ],
    [
      { permissions: ['withdraw'], allowed_ips: ['0.0.0.0/0'] },
      'allowed_ips: "0.0.0.0/0" is not an IP address or CIDR range of at most /8 (IPv6: /16)',
    ],
    [
      { permissions: ['withdraw'], allowed_ips: ['10.0.0.1'], any_address: true },
      'any_address: There is a list of addresses',
    ],
    [{ any_address: 'yes' }, 'any_address: Input should be true or false'],
    [{ permissions: ['fly'] }, 'permissions: "fly" is not one of withdraw'],
    [{ permissions: 'withdraw' }, 'permissions: Input should be a list'],
    [{ allowed_ips: ['10'] }, 'allowed_ips: "10" is not an IP address or CIDR range'],
    [
      { rate_limit_per_min: 0 },
      'rate_limit_per_min: Input should be a whole number from 1 to 2000000000',
    ],
    [
      { rate_limit_per_min: 1.5 },
      'rate_limit_per_min: Input should be a whole number from 1 to 2000000000',
    ],
    [
      { rate_limit_per_min: true },
      'rate_limit_per_min: Input should be a whole number from 1 to 2000000000',
    ],
  ])('refuse %j as a key', async (body, message) => {
    const answer = await post(`/internal/accounts/${accountId}/keys`, body);
    expect([answer.status, answer.body.message.startsWith(message)]).toEqual([422, true]);
  });

  it.each([
    '------------------------------------',
    '0193a000-0000-7000-8000-00000000dead',
    'demo',
    '1',
  ])('know no account %s', async (id) => {
    expect(await api.send({ target: `/internal/accounts/${id}/keys` })).toMatchObject(
      refusal(404, 'Account not found'),
    );
  });

  it.each([
    '------------------------------------',
    '0193a000-0000-7000-8000-00000000dead',
    'x',
    '999999',
    '9'.repeat(40),
  ])('know no withdrawal %s', async (ref) => {
    expect(await api.send({ target: `/internal/withdrawals/${ref}` })).toMatchObject(
      refusal(404, 'Withdrawal not found'),
    );
  });

  it('credit no currency that nothing could pay out, and list no state that there is not', async () => {
    const funding = {
      currency: 'USTD',
      network: 'ETH',
      amount: '5',
      reference: 'r-1',
      evidence: 'e',
    };
    expect(await post(`/internal/accounts/${accountId}/fundings`, funding)).toMatchObject(
      refusal(422, 'currency: There is no USTD on ETH'),
    );
    expect(
      await post(`/internal/accounts/${accountId}/fundings`, {
        ...funding,
        currency: 'USDT',
        amount: '0.0000001',
      }),
    ).toMatchObject(refusal(422, 'amount: USDT on ETH has no more than 6 decimals'));
    const listed = async (state: string) =>
      (await api.send({ target: `/internal/withdrawals?state=${state}` })).status;
    expect([
      await listed('undecided'),
      await listed('undecidet'),
      await listed('constructor'),
    ]).toEqual([200, 422, 422]);
  });

  it.each(['nonsense', '0', '10000', '1.5'])('list no %s withdrawals', async (limit) => {
    expect(await api.send({ target: `/internal/withdrawals?limit=${limit}` })).toMatchObject(
      refusal(422, 'limit: Input should be a whole number from 1 to 9999'),
    );
  });

  it('open to nobody without a token of the issuer', async () => {
    const headers = { authorization: 'Bearer of_another' };
    expect(await api.send({ target: '/internal/accounts', headers })).toMatchObject(
      refusal(401, 'The token is refused for its form, algorithm or signature'),
    );
  });

  it('are described by OpenAPI, with what they take and answer; so is the public API', () => {
    const document = SwaggerModule.createDocument(api.app, new DocumentBuilder().build());

    expect(operations(document)).toEqual(expect.arrayContaining(DESCRIBED));
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining(['RouteVenueDto', 'WithdrawalStepDto', 'WithdrawalStatusDto']),
    );
  });

  it('report the invariants', async () => {
    expect(await api.send({ target: '/internal/invariants' })).toMatchObject({
      status: 200,
      body: { data: { checked: 22, violations: [] } },
    });
  });
});
