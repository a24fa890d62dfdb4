import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

describe('what may be withdrawn', () => {
  let api: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, [
      ...(['list_currencies', 'request_withdrawal_funding_address'] as const),
    ]);
  });
  afterAll(() => api.close());

  it('GET /v1/currencies lists what the account may withdraw, padded as the contract has it', async () => {
    await api.database.query(
      `UPDATE account_currency SET withdrawal_enabled = false WHERE account_id = $1 AND currency = 'BTC'`,
      [accountId],
    );
    await api.database.query(
      `UPDATE account_currency SET withdrawal_fee_flat = 10, withdrawal_fee_percent = 0 WHERE account_id = $1 AND currency = 'USDT' AND network = 'TRX'`,
      [accountId],
    );

    const { status, text } = await api.send({ target: '/v1/currencies', key });

    const { data, ...envelope } = JSON.parse(text) as {
      data: { currency: string; network: string }[];
    };
    expect([status, envelope]).toEqual([200, { success: true, message: 'OK', data_count: 6 }]);
    expect(data.map(({ currency, network }) => `${currency} ${network}`)).toEqual([
      'BNB BSC',
      'ETH ETH',
      'EUR SEPA',
      'USDT BSC',
      'USDT ETH',
      'USDT TRX',
    ]);
    expect(data.slice(4)).toEqual([
      {
        currency: 'USDT',
        network: 'ETH',
        name: 'Tether USD',
        is_token: true,
        contract_address: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
        decimals: 6,
        deposit_enabled: false,
        withdrawal_enabled: true,
        min_deposit_amount: '0.000000000000000000',
        min_withdrawal_amount: '2.000000000000000000',
        withdrawal_fee_flat: '1.000000000000000000',
        withdrawal_fee_percent: '0.100000',
      },
      expect.objectContaining({
        withdrawal_fee_flat: '10.000000000000000000',
        withdrawal_fee_percent: '0.000000',
      }),
    ]);
    expect(data[0]).toMatchObject({ is_token: false, contract_address: null, decimals: 18 });
  });

  it.each([
    [
      '?network=eth',
      404,
      'Hot wallet has not been allocated for this network. Enable at least one currency first.',
    ],
    ['?network=DOGE', 404, 'Network not found'],
    ['', 422, 'network: Field required'],
    ['?network=', 422, 'network: String should have at least 1 characters'],
    ['?network=A&network=B', 422, 'network: Input should be a valid string'],
  ])('GET /v1/hot-wallet-address%s is %i', async (query, status, message) => {
    expect(await api.send({ target: `/v1/hot-wallet-address${query}`, key })).toMatchObject({
      status,
      body: { success: false, message },
    });
  });

  it.each(['/v1/deposit-addresses', '/v1/deposit-requests/1'])(
    '%s is not found',
    async (target) => {
      for (const method of ['GET', 'POST'])
        expect(await api.send({ method, target, key })).toMatchObject({
          status: 404,
          body: { message: 'Not found' },
        });
    },
  );
});
