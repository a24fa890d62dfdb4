import { PERMISSIONS, type Permission } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, givenLedgerApi, type TestApi, refusal } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

describe('the public API', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let alone: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    ledger = await givenLedgerApi();
    const url = await testDatabase('intake');
    api = await givenApi(url, { LEDGER_URL: ledger.url });
    alone = await givenApi(url);
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw', 'read_withdrawal_status', 'read_balance']);
  });
  afterAll(() => Promise.all([api.close(), alone.close(), ledger.close()]));

  describe('paths and methods', () => {
    it.each<[string, string, string]>([
      ['PUT', '/v1/withdrawals', 'GET, HEAD, POST'],
      ['DELETE', '/v1/withdrawals', 'GET, HEAD, POST'],
      ['PUT', '/v1/withdrawals/batch', 'POST'],
      ['POST', '/v1/withdrawals/17/timeline', 'GET, HEAD'],
      ['POST', '/v1/currencies', 'GET, HEAD'],
      ['POST', '/v1/transactions', 'GET, HEAD'],
      ['DELETE', '/v1/hot-wallet-address', 'GET, HEAD'],
      ['PUT', '/v1/withdrawals/17', 'GET, HEAD, DELETE'],
      ['PATCH', '/v1/withdrawals/17?x=1', 'GET, HEAD, DELETE'],
      ['DELETE', '/v1/balances', 'GET, HEAD'],
      ['POST', '/v1/balances', 'GET, HEAD'],
      ['PUT', '/v1/webhooks', 'GET, HEAD, POST'],
      ['POST', '/v1/webhooks/17', 'GET, HEAD, PATCH, DELETE'],
      ['OPTIONS', '/v1/_ping', 'GET, HEAD'],
      ['PROPFIND', '/v1/_ping', 'GET, HEAD'],
    ])('%s %s is 405 with the methods that are allowed', async (method, target, allow) => {
      const answer = await api.send({ method, target, key });
      expect(answer).toMatchObject({ ...refusal(405, 'Method not allowed'), headers: { allow } });
    });

    it.each([
      ['GET', '/'],
      ['GET', '/v2/_ping'],
      ['GET', '/v1/deposit-requests/1'],
      ['POST', '/v1/deposit-addresses'],
      ['GET', '/v1/_ping/'],
      ['GET', '/v1/withdrawals/'],
      ['POST', '/v1/withdrawals/'],
      ['GET', '/v1/withdrawals/17/'],
      ['GET', '//v1/_ping'],
      ['GET', '/v1//_ping'],
      ['GET', '/V1/_PING'],
      ['GET', '/v1/%5Fping'],
      ['POST', '/v1/%77ithdrawals'],
      ['GET', '/v1/withdrawals/%31'],
      ['GET', '/v1/withdrawals/%00'],
      ['GET', '/v1/../v1/_ping'],
      ['GET', '/v1/_ping;x=1'],
      ['GET', '/%69nternal/accounts'],
      ['GET', 'http://127.0.0.1/internal/accounts'],
      ['GET', 'http://127.0.0.1/v1/_ping'],
    ])('%s %s is 404', async (method, target) => {
      expect(await api.send({ method, target, key })).toMatchObject(refusal(404, 'Not found'));
    });

    it.each([
      ['an escape that is none', '/v1/withdrawals/%E0%A4%A'],
      ['a longer part than any of ours', `/v1/withdrawals/${'1'.repeat(2_000)}`],
    ])('%s, which the router itself refuses, is 404 too', async (_what, target) => {
      expect(await api.send({ target, key })).toMatchObject(refusal(404, 'Not found'));
    });

    it('a request that the framework refuses is answered with what is wrong with it, and is no failure of ours', async () => {
      expect(await api.send({ method: 'QUERY', target: '/v1/_ping', key })).toMatchObject(
        refusal(405, 'Method not allowed'),
      );
      expect(await api.send({ method: 'QUERY', target: '/v1/nowhere', key })).toMatchObject(
        refusal(400, 'Bad request'),
      );
    });

    it('HEAD is GET without a body, signed as HEAD', async () => {
      const answer = await api.send({ method: 'HEAD', target: '/v1/_ping', key });
      expect([answer.status, answer.text]).toEqual([200, '']);
    });

    it('a body of GET is not read: it is signed as none', async () => {
      const answer = await api.send({ target: '/v1/_ping', key, body: '{"a":1}' });
      expect(answer).toMatchObject(refusal(401, 'Invalid signature'));
      expect(await api.send({ target: '/v1/_ping', key })).toMatchObject({
        status: 200,
        body: { data: { pong: true } },
      });
    });

    it('without a signature nothing of the contract answers', async () => {
      for (const [method, target] of [
        ['POST', '/v1/withdrawals'],
        ['GET', '/v1/withdrawals/1'],
        ['DELETE', '/v1/withdrawals/1'],
        ['GET', '/v1/balances'],
        ['GET', '/v1/webhooks'],
        ['POST', '/v1/webhooks'],
        ['DELETE', '/v1/webhooks/1'],
        ['GET', '/v1/withdrawals'],
        ['GET', '/v1/withdrawals/1/timeline'],
        ['POST', '/v1/withdrawals/batch'],
        ['POST', '/v1/withdrawals/preview'],
        ['GET', '/v1/currencies'],
        ['GET', '/v1/transactions'],
        ['GET', '/v1/hot-wallet-address'],
        ['GET', '/v1/_ping'],
      ])
        expect(await api.send({ method: method ?? '', target: target ?? '' })).toMatchObject(
          refusal(401, 'Missing authentication headers'),
        );
    });
  });

  it('each route opens to the one permission it needs, and to no other', async () => {
    const routes: [method: string, target: string, needs: Permission | null][] = [
      ['POST', '/v1/withdrawals', 'withdraw'],
      ['GET', '/v1/withdrawals/1', 'read_withdrawal_status'],
      ['DELETE', '/v1/withdrawals/1', 'withdraw'],
      ['GET', '/v1/balances', 'read_balance'],
      ['GET', '/v1/webhooks', 'manage_webhooks'],
      ['POST', '/v1/webhooks', 'manage_webhooks'],
      ['GET', '/v1/webhooks/1', 'manage_webhooks'],
      ['DELETE', '/v1/webhooks/1', 'manage_webhooks'],
      ['GET', '/v1/withdrawals', 'read_withdrawal_status'],
      ['GET', '/v1/withdrawals/1/timeline', 'read_withdrawal_status'],
      ['POST', '/v1/withdrawals/batch', 'withdraw'],
      ['POST', '/v1/withdrawals/preview', 'withdraw'],
      ['GET', '/v1/currencies', 'list_currencies'],
      ['GET', '/v1/transactions', 'list_transactions'],
      ['GET', '/v1/hot-wallet-address', 'request_withdrawal_funding_address'],
      ['GET', '/v1/_ping', null],
    ];
    for (const permission of PERMISSIONS) {
      const holder = await api.createKey(accountId, [permission]);
      for (const [method, target, needs] of routes) {
        const { status, body } = await api.send({ method, target, key: holder });
        const isOpen =
          status !== 403 && body.message !== 'API key does not have the required permission';
        expect({ permission, method, target, isOpen }).toEqual({
          permission,
          method,
          target,
          isOpen: needs === null || needs === permission,
        });
      }
    }
  });

  describe('balances', () => {
    it.each([
      ['', ''],
      ['?currency=usdt&network=eth', '?currency=USDT&network=ETH'],
    ])('with %j ask the ledger for %j', async (query, asked) => {
      expect(await api.send({ target: `/v1/balances${query}`, key })).toMatchObject({
        status: 200,
        body: { data: [], data_count: 0 },
      });
      expect(ledger.asked.at(-1)).toBe(`/internal/accounts/${accountId}/balances${asked}`);
    });

    it.each([
      ['?currency=A&currency=B', 'currency: Input should be a valid string'],
      ['?network=%00', 'network: String should contain valid characters only'],
      [`?network=${'x'.repeat(33)}`, 'network: String should have at most 32 characters'],
    ])('with %j are refused', async (query, message) => {
      expect(await api.send({ target: `/v1/balances${query}`, key })).toMatchObject(
        refusal(422, message),
      );
    });

    it('without a ledger are a 503', async () => {
      expect(await alone.send({ target: '/v1/balances', key })).toMatchObject(
        refusal(503, 'Service temporarily unavailable'),
      );
    });
  });

  it('limits each source address before anything else, and says when to come back', async () => {
    const strict = await givenApi(await testDatabase('strict'), {
      REQUESTS_PER_MINUTE_PER_IP: '3',
    });
    try {
      for (let n = 0; n < 3; n++)
        expect((await strict.send({ target: '/v1/_ping' })).status).toBe(401);
      const answer = await strict.send({ target: '/v1/_ping' });
      expect(answer).toMatchObject({
        ...refusal(429, 'Rate limit exceeded'),
        headers: { 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '0' },
      });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await strict.close();
    }
  });

  it('tells an address to wait that floods it with unknown keys, and takes what is signed well from it', async () => {
    const flooded = await givenApi(await testDatabase('flooded'));
    try {
      const holder = await flooded.createKey(await givenAccount(flooded.database), []);
      const nobody = { keyId: 'ck_000000000000000000000000', secret: 'cs_0' };
      const attempt = () => flooded.send({ target: '/v1/_ping', key: nobody });
      for (let n = 0; n < 600; n += 100)
        await Promise.all(Array.from({ length: 100 }, async () => void (await attempt())));

      const answer = await attempt();
      expect(answer).toMatchObject(refusal(429, 'Rate limit exceeded'));
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect((await flooded.send({ target: '/v1/_ping', key: holder })).status).toBe(200);
    } finally {
      await flooded.close();
    }
  });

  it('takes a proxy of ours at its word on where a request comes from, and nobody else', async () => {
    const behind = await givenApi(await testDatabase('behind'), {
      TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1',
    });
    try {
      const account = await givenAccount(behind.database);
      const from = async (instance: TestApi, owner: string, forwarded: string) => {
        const holder = await instance.createKey(owner, [], { allowedIps: ['1.2.3.4'] });
        const headers = { 'x-forwarded-for': forwarded };
        return (await instance.send({ target: '/v1/_ping', key: holder, headers })).status;
      };
      expect(await from(behind, account, '9.9.9.9, 1.2.3.4, 10.0.0.7')).toBe(200);
      expect(await from(behind, account, '9.9.9.9, "1.2.3.4:47011", 10.0.0.7:80,')).toBe(200);
      expect(await from(behind, account, '1.2.3.4, 10.0.0.7:port')).toBe(403);
      expect(await from(behind, account, '1.2.3.4, 9.9.9.9')).toBe(403);
      expect(await from(api, accountId, '1.2.3.4')).toBe(403);
    } finally {
      await behind.close();
    }
  });

  it('limits each key without saying when to come back, and its address list', async () => {
    const limited = await api.createKey(accountId, [], { rateLimit: 1 });
    // Three in a row fall into two minutes at most.
    for (let n = 0; n < 2; n++) await api.send({ target: '/v1/_ping', key: limited });
    const over = await api.send({ target: '/v1/_ping', key: limited });
    expect(over).toMatchObject(refusal(429, 'Rate limit exceeded'));
    expect([over.headers['retry-after'], over.headers['x-ratelimit-limit']]).toEqual([
      undefined,
      undefined,
    ]);
    const elsewhere = await api.createKey(accountId, [], { allowedIps: ['10.0.0.0/8'] });
    expect(await api.send({ target: '/v1/_ping', key: elsewhere })).toMatchObject(
      refusal(403, 'Source IP is not allowed for this API key'),
    );
  });
});
