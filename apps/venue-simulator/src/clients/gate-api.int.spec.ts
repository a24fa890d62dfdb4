import { givenLibrary } from '../testing/library-client.js';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const ORDER = {
  currency: 'USDT',
  chain: 'ETH',
  address: ETH_ADDRESS,
  amount: '12.500001',
  withdrawOrderId: 'gate-api.1',
  memo: '',
};

interface Answer<T> {
  readonly body: T;
}

const given = givenLibrary('gateio', 'gate-api');

describe('gate-api', () => {
  it('withdraws to an address and finds it by both ids', async () => {
    const { body } = await given.client.call<Answer<{ id: string }>>(
      'WithdrawalApi.withdraw',
      ORDER,
    );

    expect(body).toMatchObject({
      id: expect.stringMatching(/^w[0-9]+$/),
      status: 'REQUEST',
      withdrawOrderId: 'gate-api.1',
      amount: '12.500001',
    });
    expect(await given.simulator.control.payments()).toMatchObject([
      { id: body.id, amount: '12.500001', net_amount: '11.500001' },
    ]);
    const row = {
      id: body.id,
      withdrawOrderId: 'gate-api.1',
      fee: '1',
      amount: '12.500001',
      chain: 'ETH',
      status: 'REQUEST',
    };
    const now = Math.floor(Date.now() / 1000);
    expect(
      await given.client.call('WalletApi.listWithdrawals', {
        withdrawOrderId: 'gate-api.1',
        from: now - 60,
        to: now + 60,
      }),
    ).toMatchObject({
      body: [row],
    });
    expect(
      await given.client.call('WalletApi.listWithdrawals', { withdrawId: body.id }),
    ).toMatchObject({ body: [row] });
    expect(
      await given.client.call('WalletApi.listWithdrawals', {
        currency: 'USDT',
        limit: 1,
        offset: 1,
      }),
    ).toMatchObject({ body: [] });
  });

  it('pushes to a user and finds it by its id', async () => {
    const { body } = await given.client.call<Answer<{ id: number }>>(
      'WithdrawalApi.withdrawPushOrder',
      {
        receiveUid: 12345678,
        currency: 'USDT',
        amount: '5',
      },
    );

    expect(await given.simulator.control.payments()).toMatchObject([
      { id: String(body.id), destination: '12345678', amount: '5', net_amount: '5' },
    ]);
    expect(await given.client.call('WalletApi.listPushOrders', { id: body.id })).toMatchObject({
      body: [
        {
          id: body.id,
          pushUid: 10000001,
          receiveUid: 12345678,
          amount: '5',
          status: 'CREATING',
          transactionType: 'withdraw',
        },
      ],
    });
    expect(
      await given.client.call('WalletApi.listPushOrders', { transactionType: 'deposit' }),
    ).toMatchObject({ body: [] });
  });

  it('cancels, and receives an error for a withdrawal that cannot be cancelled', async () => {
    const { body } = await given.client.call<Answer<{ id: string }>>(
      'WithdrawalApi.withdraw',
      ORDER,
    );

    expect(await given.client.call('WithdrawalApi.cancelWithdrawal', body.id)).toMatchObject({
      body: { id: body.id, status: 'CANCELPEND', currency: 'USDT' },
    });
    expect(await given.client.failure('WithdrawalApi.cancelWithdrawal', body.id)).toMatchObject({
      type: 'AxiosError',
      status: 400,
      data: { label: 'INVALID_WITHDRAW_CANCEL_STATUS' },
    });
    expect(await given.client.failure('WithdrawalApi.cancelWithdrawal', 'w1')).toMatchObject({
      status: 400,
      data: { label: 'INVALID_WITHDRAW_ID' },
    });
  });

  it('reads chains, fees, saved addresses, balances and the clock', async () => {
    const saved = {
      currency: 'USDT',
      chain: 'ETH',
      address: ETH_ADDRESS,
      name: 'cold',
      tag: '',
      verified: '1',
    };
    await given.simulator.control.settings({ saved_addresses: [saved] });

    expect(await given.client.call('WalletApi.listCurrencyChains', 'XRP')).toMatchObject({
      body: [{ chain: 'XRP', decimal: '6', isTag: 1, isWithdrawDisabled: 0 }],
    });
    expect(
      await given.client.call('WalletApi.listWithdrawStatus', { currency: 'USDT' }),
    ).toMatchObject({
      body: [
        {
          currency: 'USDT',
          withdrawFixOnChains: { ETH: '1', TRX: '1', ARBEVM: '0.2' },
          withdrawPercentOnChains: { ETH: '0%' },
        },
      ],
    });
    expect(
      await given.client.call('WalletApi.listSavedAddress', { currency: 'USDT' }),
    ).toMatchObject({
      body: [{ address: ETH_ADDRESS, verified: '1' }],
    });
    expect(await given.client.call('WalletApi.listSavedAddress', {})).toMatchObject({
      body: [{ address: ETH_ADDRESS }],
    });
    expect(await given.client.call('SpotApi.listSpotAccounts', { currency: 'USDT' })).toMatchObject(
      {
        body: [{ available: '1000000000', locked: '0' }],
      },
    );
    expect(await given.client.call('SpotApi.getSystemTime')).toMatchObject({
      body: { serverTime: expect.any(Number) },
    });
  });

  it('receives the rate limit with its headers', async () => {
    const replies = await given.client.burst(2, 'WithdrawalApi.withdraw', ORDER);

    expect(replies.find((reply) => 'thrown' in reply)?.thrown).toMatchObject({
      type: 'AxiosError',
      status: 429,
      data: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate limit Exceeded' },
      headers: {
        'x-gate-ratelimit-limit': '1',
        'x-gate-ratelimit-requests-remain': '0',
        'x-gate-ratelimit-reset-timestamp': expect.stringMatching(/^[0-9]{10}$/),
        'x-gate-trace-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
  });

  it.each([
    ['more than there is', { amount: '2000000000' }, 'BALANCE_NOT_ENOUGH'],
    ['less than the minimum', { amount: '1' }, 'AMOUNT_TOO_LITTLE'],
    ['too many decimals', { amount: '12.5000001' }, 'INVALID_PRECISION'],
    ['an unknown chain', { chain: 'FOO' }, 'INVALID_PARAM_VALUE'],
    ['an unknown currency', { currency: 'FOO' }, 'INVALID_CURRENCY'],
    ['no chain', { chain: undefined }, 'MISSING_REQUIRED_PARAM'],
    ['an id with other letters', { withdrawOrderId: 'a b' }, 'INVALID_CLIENT_ORDER_ID'],
  ])('refuses %s in its own words', async (_what, change, label) => {
    expect(
      await given.client.failure('WithdrawalApi.withdraw', { ...ORDER, ...change }),
    ).toMatchObject({ status: 400, data: { label } });
    expect(await given.simulator.control.payments()).toEqual([]);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, 'INVALID_SIGNATURE'],
    ['an unknown key', { key: 'unknown' }, 401, 'INVALID_KEY'],
    ['a clock over a minute behind', { clockOffMs: -61_500 }, 403, 'REQUEST_EXPIRED'],
    ['a clock over a minute ahead', { clockOffMs: 90_000 }, 403, 'REQUEST_EXPIRED'],
    ['a key without the right to withdraw', { keyName: 'read_only' }, 403, 'FORBIDDEN'],
  ])('refuses %s', async (_what, change, status, label) => {
    const misconfigured = await given.simulator.client('gate-api', change);

    expect(await misconfigured.failure('WithdrawalApi.withdraw', ORDER)).toMatchObject({
      type: 'AxiosError',
      status,
      data: { label },
    });
  });

  it('accepts a clock that is off by less than a minute', async () => {
    const late = await given.simulator.client('gate-api', { clockOffMs: -30_000 });

    await late.call('WithdrawalApi.withdraw', ORDER);
    expect(await given.simulator.control.payments()).toHaveLength(1);
  });

  it('lists no deposits', async () => {
    expect(await given.client.call('WalletApi.listDeposits', { currency: 'USDT' })).toMatchObject({
      body: [],
    });
  });

  it('has the defect that it signs other bytes than it sends outside of ASCII', async () => {
    expect(
      await given.client.failure('WalletApi.listWithdrawals', { currency: 'ÜSDT' }),
    ).toMatchObject({
      status: 401,
      data: { label: 'INVALID_SIGNATURE' },
    });
  });
});
