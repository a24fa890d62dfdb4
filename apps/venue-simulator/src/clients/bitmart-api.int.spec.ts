import { givenLibrary } from '../testing/library-client.js';

const TRX_ADDRESS = 'TGR3ghy2b5VLbyAYrmiE15jasR6aPHTvC5';
const ORDER = {
  currency: 'USDT-TRX',
  amount: '12.5',
  address: TRX_ADDRESS,
  destination: 'To Digital Address',
};

interface Taken {
  readonly data: { readonly withdraw_id: string };
}

const given = givenLibrary('bitmart', 'bitmart-api');

describe('bitmart-api', () => {
  it('withdraws to an address and finds it in the history and by its id', async () => {
    const { data } = await given.client.call<Taken>('submitWithdrawalV1', ORDER);

    expect(await given.simulator.control.payments()).toMatchObject([
      { id: data.withdraw_id, amount: '12.5', net_amount: '11.5' },
    ]);
    const record = {
      withdraw_id: data.withdraw_id,
      currency: 'USDT-TRX',
      arrival_amount: '11.5',
      fee: '1',
      status: 0,
      address: TRX_ADDRESS,
      tx_id: '',
    };
    expect(
      await given.client.call('getDepositWithdrawHistoryV2', {
        operation_type: 'withdraw',
        N: 10,
        currency: 'USDT-TRX',
      }),
    ).toMatchObject({
      code: 1000,
      data: { records: [record] },
    });
    expect(
      await given.client.call('getDepositWithdrawDetailV1', { id: data.withdraw_id }),
    ).toMatchObject({ data: { record } });
    expect(
      await given.client.call('getDepositWithdrawHistoryV2', { operation_type: 'deposit', N: 10 }),
    ).toMatchObject({ data: { records: [] } });
  });

  it('withdraws to accounts by CID, e-mail and phone, twice the same being two', async () => {
    const account = { currency: 'USDT-TRX', amount: '7', areaCode: '' };
    await given.client.call('submitWithdrawalV1', { ...account, type: 1, value: '877' });
    await given.client.call('submitWithdrawalV1', {
      ...account,
      type: 2,
      value: 'a+b@example.com',
    });
    await given.client.call('submitWithdrawalV1', {
      ...account,
      type: 3,
      value: '40012345',
      areaCode: '61',
    });
    await given.client.call('submitWithdrawalV1', { ...account, type: 1, value: '877' });

    expect(
      (await given.simulator.control.payments()).map(({ destination, net_amount }) => [
        destination,
        net_amount,
      ]),
    ).toEqual([
      ['877', '7'],
      ['a+b@example.com', '7'],
      ['40012345', '7'],
      ['877', '7'],
    ]);
  });

  it('pays the address where both forms are given', async () => {
    await given.client.call('submitWithdrawalV1', {
      ...ORDER,
      type: 1,
      value: '877',
      areaCode: '',
    });

    expect(await given.simulator.control.payments()).toMatchObject([{ destination: TRX_ADDRESS }]);
  });

  it('reads quota, currencies, balances, addresses and the clock', async () => {
    expect(
      await given.client.call('getAccountWithdrawQuotaV1', { currency: 'USDT-BSC_BNB' }),
    ).toMatchObject({
      data: {
        min_withdraw: '5',
        withdraw_fee: '0.2',
        withdraw_precision: 6,
        withdraw_Precision_GeTen: 0.01,
      },
    });
    expect(await given.client.call('getAccountCurrenciesV1')).toMatchObject({
      data: {
        currencies: expect.arrayContaining([expect.objectContaining({ currency: 'USDT-TRX' })]),
      },
    });
    expect(await given.client.call('getAccountBalancesV1', { currency: 'USDT' })).toMatchObject({
      data: { wallet: [{ currency: 'USDT', available: '1000000000', frozen: '0' }] },
    });
    expect(await given.client.call('getWithdrawAddressList')).toMatchObject({
      data: { list: expect.arrayContaining([expect.objectContaining({ address: TRX_ADDRESS })]) },
    });
    expect(await given.client.call('getSystemTime')).toMatchObject({
      data: { server_time: expect.any(Number) },
    });
    expect(await given.client.call('getSystemStatus')).toMatchObject({
      data: { service: expect.any(Array) },
    });
  });

  it('receives the limit of eight in two seconds, and is blocked after further requests', async () => {
    const replies = await given.client.burst(19, 'submitWithdrawalV1', ORDER);

    const refused = replies.flatMap((reply) => ('thrown' in reply ? [reply.thrown] : []));
    expect(refused).toHaveLength(11);
    expect(refused).toContainEqual(
      expect.objectContaining({
        type: 'Object',
        code: 429,
        body: expect.objectContaining({ code: 30013, message: 'Request too many requests' }),
      }),
    );
    expect(refused).toContainEqual(
      expect.objectContaining({ code: 418, body: expect.objectContaining({ code: 30017 }) }),
    );
    expect(await given.simulator.control.payments()).toHaveLength(8);
  });

  it.each([
    ['more than there is', { amount: '2000000000' }, 400, 60008],
    ['an unknown currency', { currency: 'USDT-FOO' }, 400, 60002],
    [
      'a currency whose channel is closed',
      { currency: 'USDT', address: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq' },
      400,
      60004,
    ],
    [
      'a currency that the API does not withdraw',
      { currency: 'IOTA', address: 'iota1qpxl9' },
      400,
      60012,
    ],
    ['neither form', { address: undefined }, 400, 60000],
    ['oneself', { address: undefined, type: 1, value: '876940001', areaCode: '' }, 403, 60065],
  ])('refuses %s in its own words', async (_what, change, code, venueCode) => {
    expect(await given.client.failure('submitWithdrawalV1', { ...ORDER, ...change })).toMatchObject(
      { code, body: { code: venueCode } },
    );
    expect(await given.simulator.control.payments()).toEqual([]);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, 30005],
    ['a wrong memo', { memo: 'wrong' }, 401, 30005],
    ['a clock over a minute behind', { clockOffMs: -61_500 }, 401, 30007],
    ['a key without the right to withdraw', { keyName: 'read_only' }, 403, 30012],
    ['an expired key', { keyName: 'expired' }, 403, 30011],
  ])('refuses %s', async (_what, change, code, venueCode) => {
    const misconfigured = await given.simulator.client('bitmart-api', change);

    expect(await misconfigured.failure('submitWithdrawalV1', ORDER)).toMatchObject({
      code,
      body: { code: venueCode },
    });
  });

  it('has the defect that its type names of the history times are not those of the venue, which ignores them', async () => {
    await given.client.call('submitWithdrawalV1', ORDER);

    const misnamed = await given.client.call('getDepositWithdrawHistoryV2', {
      operation_type: 'withdraw',
      N: 10,
      start_time: 1,
      end_time: 2,
    });
    expect(misnamed).toMatchObject({ data: { records: [expect.anything()] } });
  });
});
