import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenLibrary } from '../testing/library-client.js';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';
const XRP_ADDRESS = 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh';

interface Transaction {
  readonly id: string;
}

const given = givenLibrary('gateio', 'ccxt gate');

function withdraw(
  amount: unknown = 12.5,
  address = ETH_ADDRESS,
  network = 'ERC20',
  more: object = {},
): readonly unknown[] {
  return ['USDT', amount, address, null, { network, ...more }];
}

describe('ccxt gate', () => {
  it('loads markets, currencies and the clock from the simulator alone', async () => {
    await given.client.call('loadMarkets');

    expect(await given.client.call('fetchCurrencies')).toMatchObject({
      USDT: { networks: { ERC20: { id: 'ETH' }, TRC20: { id: 'TRX' }, ARBONE: { id: 'ARBEVM' } } },
    });
    expect(Math.abs((await given.client.call<number>('fetchTime')) - Date.now())).toBeLessThan(
      2_000,
    );
  });

  it('withdraws a number of a token, and finds it by its own id', async () => {
    const { id } = await given.client.call<Transaction>(
      'withdraw',
      ...withdraw(12.5, ETH_ADDRESS, 'ERC20', { withdraw_order_id: 'ccxt_1.a-B' }),
    );

    expect(await given.simulator.control.payments()).toMatchObject([
      { id, client_id: 'ccxt_1.a-B', chain: 'ETH', amount: '12.5', net_amount: '11.5' },
    ]);
    expect(
      await given.client.call('fetchWithdrawals', 'USDT', Date.now() - 60_000, 10, {
        withdraw_order_id: 'ccxt_1.a-B',
      }),
    ).toMatchObject([
      {
        id,
        type: 'withdrawal',
        network: 'ERC20',
        amount: 11.5,
        fee: { cost: 1, currency: 'USDT' },
      },
    ]);
  });

  it.each([
    ['ERC20', 'ETH'],
    ['ARBONE', 'ARBEVM'],
    ['BEP20', 'BSC'],
  ])('withdraws over %s, which Gate.io calls %s', async (network, chain) => {
    await given.client.call('withdraw', ...withdraw('12.5', ETH_ADDRESS, network));

    expect(await given.simulator.control.payments()).toMatchObject([{ chain, amount: '12.5' }]);
  });

  it('withdraws with a memo that has spaces', async () => {
    await given.client.call('withdraw', 'XRP', '5', XRP_ADDRESS, 'memo 1  ü', { network: 'XRP' });

    expect(await given.simulator.control.payments()).toMatchObject([
      { currency: 'XRP', memo: 'memo 1  ü', amount: '5', net_amount: '4.8' },
    ]);
  });

  it('follows a withdrawal to its end at the default pace', async () => {
    const { id } = await given.client.call<Transaction>(
      'withdraw',
      ...withdraw('12.5', TRX_ADDRESS, 'TRC20'),
    );

    const ended = { id, status: 'ok', txid: expect.stringMatching(/^[0-9a-f]{64}$/) };
    await eventually(async () =>
      expect(await given.client.call('fetchWithdrawals')).toMatchObject([ended]),
    );
  });

  it('cancels', async () => {
    const { id } = await given.client.call<Transaction>('withdraw', ...withdraw());

    expect(
      await given.client.call('privateWithdrawalsDeleteWithdrawalsWithdrawalId', {
        withdrawal_id: id,
      }),
    ).toMatchObject({
      id,
      status: 'CANCELPEND',
    });
    await eventually(async () =>
      expect(await given.client.call('fetchWithdrawals')).toMatchObject([
        { id, status: 'canceled' },
      ]),
    );
    expect(
      await given.client.failure('privateWithdrawalsDeleteWithdrawalsWithdrawalId', {
        withdrawal_id: id,
      }),
    ).toMatchObject({
      type: 'ExchangeError',
      message: expect.stringContaining('INVALID_WITHDRAW_CANCEL_STATUS'),
    });
  });

  it('lists no deposits', async () => {
    expect(await given.client.call('fetchDeposits', 'USDT')).toEqual([]);
  });

  it('reads fees, chains, addresses and balances', async () => {
    expect(await given.client.call('fetchDepositWithdrawFees', ['USDT'])).toMatchObject({
      USDT: { networks: { ARBONE: { withdraw: { fee: 0.2 } } } },
    });
    expect(
      await given.client.call('publicWalletGetCurrencyChains', { currency: 'USDT' }),
    ).toMatchObject([{ chain: 'ETH' }, { chain: 'TRX' }, { chain: 'ARBEVM' }, { chain: 'BSC' }]);
    expect(await given.client.call('privateWalletGetSavedAddress', { currency: 'USDT' })).toEqual(
      [],
    );
    expect(await given.client.call('fetchBalance', { type: 'spot' })).toMatchObject({
      USDT: { free: 1_000_000_000 },
    });
    expect(await given.client.call('privateWalletGetPush', { limit: 10 })).toEqual([]);
  });

  it('receives the rate limit, and is served after the reported time', async () => {
    await given.client.call('withdraw', ...withdraw());

    expect(await given.client.failure('withdraw', ...withdraw())).toMatchObject({
      type: 'RateLimitExceeded',
      message: 'gate {"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded"}',
    });
    const headers = await given.client.call<Record<string, string>>('last_response_headers');
    expect(headers).toMatchObject({
      'X-Gate-Ratelimit-Limit': '1',
      'X-Gate-Ratelimit-Requests-Remain': '0',
    });
    await sleep(Number(headers['X-Gate-Ratelimit-Reset-Timestamp']) * 1000 - Date.now());
    await given.client.call('withdraw', ...withdraw());
    expect(await given.simulator.control.payments()).toHaveLength(2);
  });

  it.each([
    ['more than there is', withdraw(2e9), 'InsufficientFunds', 'BALANCE_NOT_ENOUGH'],
    ['less than the minimum', withdraw(0.5), 'InvalidOrder', 'AMOUNT_TOO_LITTLE'],
    ['an unknown chain', withdraw(12.5, ETH_ADDRESS, 'FOO'), 'BadRequest', 'INVALID_PARAM_VALUE'],
    [
      'an address of another chain',
      withdraw(12.5, TRX_ADDRESS),
      'BadRequest',
      'INVALID_PARAM_VALUE',
    ],
  ])('refuses %s in its own words', async (_what, order, type, label) => {
    expect(await given.client.failure('withdraw', ...order)).toMatchObject({
      type,
      message: expect.stringContaining(`"label":"${label}"`),
    });
    expect(await given.simulator.control.payments()).toEqual([]);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'AuthenticationError', 'INVALID_SIGNATURE'],
    ['an unknown key', { key: 'unknown' }, 'AuthenticationError', 'INVALID_KEY'],
    [
      'a clock over a minute behind',
      { clockOffMs: -61_500 },
      'AuthenticationError',
      'gap between request Timestamp and server time exceeds 60',
    ],
    [
      'a clock over a minute ahead',
      { clockOffMs: 90_000 },
      'AuthenticationError',
      'REQUEST_EXPIRED',
    ],
    [
      'a key without the right to withdraw',
      { keyName: 'read_only' },
      'PermissionDenied',
      'Request API key does not have withdraw permission',
    ],
  ])('refuses %s', async (_what, change, type, text) => {
    const misconfigured = await given.simulator.client('ccxt gate', change);

    expect(
      await misconfigured.failure('privateWithdrawalsPostWithdrawals', { currency: 'USDT' }),
    ).toMatchObject({
      type,
      message: expect.stringContaining(text),
    });
  });

  describe('has defects of its own', () => {
    it('rounds every amount to four decimals', async () => {
      await given.client.call('withdraw', ...withdraw(12.345678));

      expect(await given.simulator.control.payments()).toMatchObject([{ amount: '12.3457' }]);
    });

    it('calls a push at a path that does not exist', async () => {
      expect(
        await given.client.failure('privateWithdrawalsPostPush', {
          receive_uid: 12345678,
          currency: 'USDT',
          amount: '5',
        }),
      ).toMatchObject({
        message: expect.stringContaining('NOT_FOUND'),
      });
    });
  });
});
