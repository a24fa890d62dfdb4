import { eventually } from '@sluice/test-kit';
import { givenLibrary } from '../testing/library-client.js';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';
const XRP_ADDRESS = 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh';

interface Transaction {
  readonly id: string;
}

const given = givenLibrary('bybit', 'ccxt bybit');

function withdraw(
  amount: unknown = 12.5,
  address = ETH_ADDRESS,
  network = 'ERC20',
  more: object = {},
): readonly unknown[] {
  return ['USDT', amount, address, null, { network, ...more }];
}

describe('ccxt bybit', () => {
  it('loads markets, currencies and the clock from the simulator alone', async () => {
    await given.client.call('loadMarkets');

    expect(await given.client.call('fetchCurrencies')).toMatchObject({
      USDT: {
        networks: {
          ERC20: { id: 'ETH', fee: 5, limits: { withdraw: { min: 10 } } },
          TRC20: { id: 'TRX' },
          ARBONE: { id: 'ARBI' },
        },
      },
    });
    expect(Math.abs((await given.client.call<number>('fetchTime')) - Date.now())).toBeLessThan(
      2_000,
    );
  });

  it('withdraws over chains, with a tag that has spaces, and to a user id', async () => {
    await given.client.call(
      'withdraw',
      ...withdraw(12.345678, ETH_ADDRESS, 'ERC20', { requestId: 'A1b2', accountType: 'FUND' }),
    );
    await given.client.call('withdraw', ...withdraw('12.5', TRX_ADDRESS, 'TRC20', { feeType: 1 }));
    await given.client.call('withdraw', 'XRP', 5, XRP_ADDRESS, '10 42  ü', { network: 'XRP' });
    await given.client.call('withdraw', 'USDT', 7, '10000002', null, { forceChain: 2 });

    expect(await given.simulator.control.payments()).toMatchObject([
      { client_id: 'A1b2', chain: 'ETH', amount: '17.345678', net_amount: '12.345678' },
      { chain: 'TRX', amount: '12.5', net_amount: '11' },
      { currency: 'XRP', memo: '10 42  ü', amount: '5.2', net_amount: '5' },
      { chain: null, destination: '10000002', amount: '7', net_amount: '7' },
    ]);
    const all = await given.client.call<Transaction[]>(
      'fetchWithdrawals',
      null,
      Date.now() - 60_000,
      10,
      { withdrawType: 2 },
    );
    expect(all).toHaveLength(4);
    expect(all).toContainEqual(expect.objectContaining({ currency: 'XRP', tag: '10 42  ü' }));
  });

  it('follows a withdrawal to its end at the default pace', async () => {
    const { id } = await given.client.call<Transaction>('withdraw', ...withdraw());

    expect(await given.client.call('fetchWithdrawals', 'USDT')).toMatchObject([
      { id, status: 'pending', amount: 12.5, fee: { cost: 5 }, network: 'ERC20' },
    ]);
    const ended = {
      id,
      status: 'ok',
      txid: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      addressTo: ETH_ADDRESS,
    };
    await eventually(
      async () =>
        expect(await given.client.call('fetchWithdrawals', 'USDT')).toMatchObject([ended]),
      { everyMs: 250 },
    );
  });

  it('cancels, and receives a refusal under a success code when it is too late', async () => {
    const { id } = await given.client.call<Transaction>('withdraw', ...withdraw());

    expect(await given.client.call('privatePostV5AssetWithdrawCancel', { id })).toMatchObject({
      retCode: 0,
      result: { status: 1 },
    });
    expect(await given.client.call('fetchWithdrawals', 'USDT')).toMatchObject([
      { id, status: 'canceled' },
    ]);
    expect(await given.client.call('privatePostV5AssetWithdrawCancel', { id })).toMatchObject({
      retCode: 0,
      result: { status: 0 },
    });
  });

  it('lists no deposits', async () => {
    expect(await given.client.call('fetchDeposits', 'USDT')).toEqual([]);
  });

  it('reads fees, balances, addresses and what may be withdrawn', async () => {
    expect(await given.client.call('fetchDepositWithdrawFee', 'USDT')).toMatchObject({
      networks: { ARBONE: { withdraw: { fee: 0.3 } } },
    });
    expect(await given.client.call('fetchBalance', { type: 'fund' })).toMatchObject({
      USDT: { free: 1_000_000_000 },
    });
    expect(await given.client.call('fetchBalance')).toMatchObject({
      USDT: { free: 1_000_000_000 },
      XRP: { used: 0 },
    });
    expect(
      await given.client.call('privateGetV5AssetWithdrawWithdrawableAmount', { coin: 'USDT' }),
    ).toMatchObject({
      result: { withdrawableAmount: { FUND: { withdrawableAmount: '1000000000' } } },
    });
    expect(await given.client.call('privateGetV5AssetWithdrawQueryAddress', {})).toMatchObject({
      result: { rows: [] },
    });
    expect(await given.client.call('privateGetV5AssetWithdrawVaspList')).toMatchObject({
      result: { vasp: expect.arrayContaining([expect.anything()]) },
    });
  });

  it('receives the pair limit, and the limit per second with its headers', async () => {
    const unhurried = await given.simulator.client('ccxt bybit', {
      options: { enableRateLimit: false },
    });
    await given.client.call('withdraw', ...withdraw());

    expect(await given.client.failure('withdraw', ...withdraw())).toMatchObject({
      message: expect.stringContaining('"retCode":131082'),
    });
    const replies = await unhurried.burst(7, 'privateGetV5AssetCoinQueryInfo');
    const tooFast = {
      type: 'RateLimitExceeded',
      message: expect.stringContaining('"retCode":10006,"retMsg":"Too many visits!"'),
    };
    expect(replies.flatMap((reply) => ('thrown' in reply ? [reply.thrown] : []))).toEqual([
      expect.objectContaining(tooFast),
      expect.objectContaining(tooFast),
    ]);
    expect(await unhurried.call('last_response_headers')).toMatchObject({
      'X-Bapi-Limit': '5',
      'X-Bapi-Limit-Status': '0',
      'X-Bapi-Limit-Reset-Timestamp': expect.stringMatching(/^[0-9]{13}$/),
    });
  });

  it.each([
    [
      'more than there is',
      withdraw(2e9, ETH_ADDRESS, 'ARBONE'),
      'InsufficientFunds',
      '"retCode":131001',
    ],
    ['less than the minimum', withdraw(1), 'BadRequest', '"retCode":131096'],
    [
      'an unknown chain',
      withdraw(12.5, ETH_ADDRESS, 'FOO'),
      'BadRequest',
      'Withdraw address chain or destination tag are not equal',
    ],
    [
      'an address of another chain',
      withdraw(12.5, TRX_ADDRESS),
      'BadRequest',
      'withdraw address is invalid',
    ],
    [
      'an account type that is gone',
      withdraw(12.5, ETH_ADDRESS, 'ERC20', { accountType: 'SPOT' }),
      'BadRequest',
      '"retCode":10001',
    ],
    [
      'an id with a hyphen',
      withdraw(12.5, ETH_ADDRESS, 'ERC20', { requestId: 'a-b' }),
      'BadRequest',
      '"retCode":10001',
    ],
  ])('refuses %s in its own words', async (_what, order, type, text) => {
    expect(await given.client.failure('withdraw', ...order)).toMatchObject({
      type,
      message: expect.stringContaining(text),
    });
    expect(await given.simulator.control.payments()).toEqual([]);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'AuthenticationError', 'error sign! origin_string['],
    ['an unknown key', { key: 'unknown' }, 'AuthenticationError', '"retCode":10003'],
    [
      'a clock behind the receive window',
      { clockOffMs: -6_000 },
      'InvalidNonce',
      'please check your server timestamp or recv_window param. req_timestamp[',
    ],
    ['a clock more than a second ahead', { clockOffMs: 30_000 }, 'InvalidNonce', '"retCode":10002'],
    [
      'a key without the right to withdraw',
      { keyName: 'read_only' },
      'PermissionDenied',
      '"retCode":10005',
    ],
    ['the key of a sub-account', { keyName: 'sub_account' }, 'PermissionDenied', '"retCode":10005'],
  ])('refuses %s', async (_what, change, type, text) => {
    const misconfigured = await given.simulator.client('ccxt bybit', change);

    expect(
      await misconfigured.failure('privatePostV5AssetWithdrawCreate', { coin: 'USDT' }),
    ).toMatchObject({
      type,
      message: expect.stringContaining(text),
    });
  });

  describe('has defects of its own', () => {
    it('lists transfers to a user id only on request', async () => {
      await given.client.call('withdraw', 'USDT', 7, '10000002', null, { forceChain: 2 });

      expect(await given.client.call('fetchWithdrawals', 'USDT')).toEqual([]);
    });

    it('signs a space of a query as it is and sends it encoded', async () => {
      expect(
        await given.client.failure('privateGetV5AssetWithdrawQueryAddress', {
          chain: 'Arbitrum One',
        }),
      ).toMatchObject({
        message: expect.stringContaining('"retCode":10004'),
      });
    });
  });
});
