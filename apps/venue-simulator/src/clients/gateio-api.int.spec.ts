import { givenLibrary } from '../testing/library-client.js';

const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';
const ORDER = {
  currency: 'USDT',
  chain: 'TRX',
  address: TRX_ADDRESS,
  amount: '12.5',
  withdraw_order_id: 'gateio-api_1',
};

const given = givenLibrary('gateio', 'gateio-api');

describe('gateio-api', () => {
  it('withdraws to an address and finds it by its own id', async () => {
    const { id } = await given.client.call<{ id: string }>('submitWithdrawal', ORDER);

    expect(await given.simulator.control.payments()).toMatchObject([
      { id, client_id: 'gateio-api_1', amount: '12.5', net_amount: '11.5' },
    ]);
    expect(
      await given.client.call('getWithdrawalRecords', {
        withdraw_order_id: 'gateio-api_1',
        currency: 'USDT',
        limit: 5,
      }),
    ).toMatchObject([
      {
        id,
        withdraw_order_id: 'gateio-api_1',
        amount: '12.5',
        fee: '1',
        chain: 'TRX',
        status: 'REQUEST',
        address: TRX_ADDRESS,
      },
    ]);
  });

  it('withdraws with a memo that has spaces', async () => {
    await given.client.call('submitWithdrawal', {
      currency: 'XRP',
      chain: 'XRP',
      address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh',
      amount: '5',
      memo: ' a  ü b ',
    });

    expect(await given.simulator.control.payments()).toMatchObject([{ memo: ' a  ü b ' }]);
  });

  it('pushes to a user and finds it', async () => {
    const { id } = await given.client.call<{ id: number }>('submitSpotMainAccountTransfer', {
      receive_uid: 12345678,
      currency: 'USDT',
      amount: '5',
    });

    expect(await given.client.call('getPushOrders', {})).toMatchObject([
      { id, receive_uid: 12345678, amount: '5', status: 'CREATING' },
    ]);
    expect(await given.client.call('getPushOrders')).toHaveLength(1);
  });

  it('cancels', async () => {
    const { id } = await given.client.call<{ id: string }>('submitWithdrawal', ORDER);

    expect(await given.client.call('cancelWithdrawal', { withdrawal_id: id })).toMatchObject({
      id,
      status: 'CANCELPEND',
    });
    expect(await given.client.failure('cancelWithdrawal', { withdrawal_id: id })).toMatchObject({
      code: 400,
      body: { label: 'INVALID_WITHDRAW_CANCEL_STATUS' },
    });
  });

  it('lists no deposits', async () => {
    expect(await given.client.call('getDepositRecords', { currency: 'USDT' })).toEqual([]);
  });

  it('reads chains, fees, saved addresses, balances and the clock', async () => {
    expect(await given.client.call('getCurrencyChains', { currency: 'USDT' })).toMatchObject([
      { chain: 'ETH' },
      { chain: 'TRX', decimal: '6' },
      { chain: 'ARBEVM' },
      { chain: 'BSC' },
    ]);
    expect(await given.client.call('getWithdrawalStatus', { currency: 'USDT' })).toMatchObject([
      { withdraw_fix_on_chains: { TRX: '1' } },
    ]);
    expect(await given.client.call('getSavedAddresses', { currency: 'USDT' })).toEqual([]);
    expect(await given.client.call('getSpotAccounts', { currency: 'USDT' })).toMatchObject([
      { currency: 'USDT', available: '1000000000' },
    ]);
    expect(await given.client.call('getServerTime')).toMatchObject({
      server_time: expect.any(Number),
    });
  });

  it('receives the rate limit', async () => {
    const replies = await given.client.burst(2, 'submitWithdrawal', ORDER);

    expect(replies.find((reply) => 'thrown' in reply)?.thrown).toMatchObject({
      code: 429,
      message: 'Too Many Requests',
      body: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate limit Exceeded' },
    });
  });

  it.each([
    ['more than there is', { amount: '2000000000' }, 'BALANCE_NOT_ENOUGH'],
    ['an unknown chain', { chain: 'FOO' }, 'INVALID_PARAM_VALUE'],
    ['an id that is too long', { withdraw_order_id: 'a'.repeat(33) }, 'INVALID_CLIENT_ORDER_ID'],
  ])('refuses %s in its own words', async (_what, change, label) => {
    expect(await given.client.failure('submitWithdrawal', { ...ORDER, ...change })).toMatchObject({
      type: 'Object',
      code: 400,
      body: { label },
    });
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, 'INVALID_SIGNATURE'],
    ['a clock over a minute behind', { clockOffMs: -61_500 }, 403, 'REQUEST_EXPIRED'],
    ['a key without the right to withdraw', { keyName: 'read_only' }, 403, 'FORBIDDEN'],
  ])('refuses %s', async (_what, change, code, label) => {
    const misconfigured = await given.simulator.client('gateio-api', change);

    expect(await misconfigured.failure('submitWithdrawal', ORDER)).toMatchObject({
      code,
      body: { label },
    });
  });

  it('has the defect that it signs a plus of a query as it is, not as the space that it means', async () => {
    expect(
      await given.client.failure('getWithdrawalRecords', { withdraw_order_id: 'a+b' }),
    ).toMatchObject({
      code: 401,
      body: { label: 'INVALID_SIGNATURE' },
    });
  });
});
