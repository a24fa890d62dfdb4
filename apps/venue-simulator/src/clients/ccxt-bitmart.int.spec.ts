import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { givenLibrary } from '../testing/library-client.js';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const TRX_ADDRESS = 'TGR3ghy2b5VLbyAYrmiE15jasR6aPHTvC5';
const APPLY = { currency: 'USDT-TRX', amount: '12.5', address: TRX_ADDRESS };

interface Transaction {
  readonly id: string;
}

const given = givenLibrary('bitmart', 'ccxt bitmart');

function withdraw(
  amount: unknown = 12.5,
  address = TRX_ADDRESS,
  network = 'TRC20',
): readonly unknown[] {
  return ['USDT', amount, address, null, { network }];
}

describe('ccxt bitmart', () => {
  it('loads markets, currencies and the clock from the simulator alone', async () => {
    await given.client.call('loadMarkets');

    expect(await given.client.call('fetchCurrencies')).toMatchObject({
      USDT: {
        networks: {
          ERC20: { id: 'ETH', fee: 1, withdraw: true },
          TRC20: { id: 'TRX' },
          BEP20: { id: 'BSC_BNB', limits: { withdraw: { min: 5 } } },
        },
      },
    });
    expect(Math.abs((await given.client.call<number>('fetchTime')) - Date.now())).toBeLessThan(
      2_000,
    );
    expect(await given.client.call('fetchStatus')).toMatchObject({ status: 'ok' });
  });

  it('withdraws numbers and texts over each network', async () => {
    await given.client.call('withdraw', ...withdraw(12.345678));
    await given.client.call('withdraw', ...withdraw('12.5', ETH_ADDRESS, 'ERC20'));
    await given.client.call('withdraw', ...withdraw(20.01, ETH_ADDRESS, 'BEP20'));
    await given.client.call(
      'withdraw',
      ...withdraw('10', '7VHUFJHWu2CuExkJcJrzhQPJ2oygupTWkL2A2For4BmE', 'SOL'),
    );
    await given.client.call(
      'withdraw',
      'XRP',
      5,
      'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh',
      '104398221',
    );
    await given.client.call(
      'withdraw',
      'BTC',
      0.00123456,
      'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
    );

    expect(await given.simulator.control.payments()).toMatchObject([
      {
        currency: 'USDT',
        chain: 'TRX',
        amount: '12.345678',
        net_amount: '11.345678',
        destination: TRX_ADDRESS,
      },
      { currency: 'USDT', chain: 'ETH', amount: '12.5', net_amount: '11.5' },
      { currency: 'USDT', chain: 'BSC_BNB', amount: '20.01', net_amount: '19.81' },
      { currency: 'USDT', chain: 'SOL', amount: '10', net_amount: '9' },
      { currency: 'XRP', memo: '104398221', amount: '5', net_amount: '4.8' },
      { currency: 'BTC', amount: '0.00123456', net_amount: '0.00103456' },
    ]);
  });

  it('withdraws to an account, and in a body with odd spaces', async () => {
    await given.client.call('privatePostAccountV1WithdrawApply', {
      currency: 'USDT-TRX',
      amount: 7,
      type: 1,
      value: '877',
      areaCode: '',
    });
    await given.client.call('privatePostAccountV1WithdrawApply', {
      ...APPLY,
      destination: ' To  a ü  "friend" ',
    });

    expect(await given.simulator.control.payments()).toMatchObject([
      { destination: '877', amount: '7', net_amount: '7' },
      { destination: TRX_ADDRESS },
    ]);
  });

  it('follows a withdrawal to its end at the default pace', async () => {
    const { id } = await given.client.call<Transaction>('withdraw', ...withdraw());

    expect(
      await given.client.call('fetchWithdrawals', null, Date.now() - 60_000, 10),
    ).toMatchObject([{ id, amount: 11.5, network: 'TRC20', status: 'pending' }]);
    expect(
      await given.client.call('fetchWithdrawals', 'USDT', null, null, { currency: 'USDT-TRX' }),
    ).toMatchObject([{ id }]);
    const ended = {
      id,
      status: 'ok',
      txid: expect.stringMatching(/^[0-9a-f]{64}$/),
      fee: { cost: 1, currency: 'USDT' },
    };
    await eventually(
      async () => expect(await given.client.call('fetchWithdrawal', id)).toMatchObject(ended),
      { everyMs: 300 },
    );
  });

  it('reads deposits, fees, balances and addresses', async () => {
    expect(await given.client.call('fetchDeposits')).toEqual([]);
    expect(await given.client.call('fetchDepositWithdrawFee', 'USDT')).toMatchObject({
      withdraw: { fee: 1 },
    });
    expect(await given.client.call('fetchBalance')).toMatchObject({
      USDT: { free: 1_000_000_000 },
    });
    expect(await given.client.call('fetchBalance', { type: 'account' })).toMatchObject({
      USDT: { free: 1_000_000_000 },
    });
    expect(await given.client.call('fetchWithdrawAddresses', 'USDT')).toContainEqual(
      expect.objectContaining({ address: TRX_ADDRESS, network: 'TRC20' }),
    );
  });

  it.each([
    ['more than there is', withdraw(2e9), 'InsufficientFunds', '"code":60008'],
    ['less than the minimum', withdraw(1), 'ExchangeError', 'Minimum amount is 5'],
    [
      'too many decimals',
      withdraw('12.1234567'),
      'ExchangeError',
      'Maximum withdraw precision is 6',
    ],
    [
      'an unknown network',
      withdraw(12.5, TRX_ADDRESS, 'FOO'),
      'BadRequest',
      'currency does not exist',
    ],
    [
      'a saved address of another network',
      withdraw(12.5, ETH_ADDRESS),
      'InvalidAddress',
      '"code":60011',
    ],
    [
      'an address that is not saved',
      withdraw(12.5, 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'),
      'InvalidAddress',
      'Only withdrawals from added addresses are allowed',
    ],
    [
      'an address that is not verified',
      withdraw(12.5, '0x0000000000000000000000000000000000000bad', 'ERC20'),
      'ExchangeError',
      '"code":60015',
    ],
  ])('refuses %s in its own words', async (_what, order, type, text) => {
    expect(await given.client.failure('withdraw', ...order)).toMatchObject({
      type,
      message: expect.stringContaining(text),
    });
    expect(await given.simulator.control.payments()).toEqual([]);
  });

  it('does not find what is not there', async () => {
    expect(await given.client.failure('fetchWithdrawal', '1')).toMatchObject({
      message: expect.stringContaining('Withdraw id or deposit id not found'),
    });
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 'AuthenticationError', 'Header X-BM-SIGN is wrong'],
    ['a wrong memo', { memo: 'wrong' }, 'AuthenticationError', '"code":30005'],
    ['an unknown key', { key: 'unknown' }, 'AuthenticationError', 'Header X-BM-KEY not found'],
    [
      'a clock over a minute behind',
      { clockOffMs: -61_500 },
      'AuthenticationError',
      'Header X-BM-TIMESTAMP range. Within a minute',
    ],
    ['a clock over a minute ahead', { clockOffMs: 90_000 }, 'AuthenticationError', '"code":30007'],
    [
      'a key without the right to withdraw',
      { keyName: 'read_only' },
      'AuthenticationError',
      'Header X-BM-KEY is forbidden to request it',
    ],
    ['the key of a sub-account', { keyName: 'sub_account' }, 'ExchangeError', '"code":60054'],
    ['a frozen key', { keyName: 'frozen' }, 'AccountSuspended', 'Header X-BM-KEY has frozen'],
  ])('refuses %s', async (_what, change, type, text) => {
    const misconfigured = await given.simulator.client('ccxt bitmart', change);

    expect(await misconfigured.failure('privatePostAccountV1WithdrawApply', APPLY)).toMatchObject({
      type,
      message: expect.stringContaining(text),
    });
  });

  it('reads with a wrong secret, memo and clock: only the key counts there', async () => {
    const misconfigured = await given.simulator.client('ccxt bitmart', {
      secret: 'wrong',
      memo: 'wrong',
      clockOffMs: 600_000,
    });

    expect(
      await misconfigured.call('privateGetAccountV2DepositWithdrawHistory', {
        operation_type: 'withdraw',
        N: 10,
      }),
    ).toMatchObject({ code: 1000 });
  });

  it('receives the rate limit, and is served after the reported window', async () => {
    const unhurried = await given.simulator.client('ccxt bitmart', {
      options: { enableRateLimit: false },
    });
    const replies = await unhurried.burst(3, 'privateGetAccountV1WithdrawCharge', {
      currency: 'USDT-TRX',
    });

    const tooFast = { type: 'RateLimitExceeded', message: expect.stringContaining('"code":30013') };
    expect(replies.flatMap((reply) => ('thrown' in reply ? [reply.thrown] : []))).toEqual([
      expect.objectContaining(tooFast),
    ]);
    const headers = await unhurried.call<Record<string, string>>('last_response_headers');
    expect(headers).toMatchObject({
      'X-Bm-Ratelimit-Limit': '2',
      'X-Bm-Ratelimit-Remaining': '2',
      'X-Bm-Ratelimit-Reset': '2',
    });
    await sleep(Number(headers['X-Bm-Ratelimit-Reset']) * 1000);
    await unhurried.call('privateGetAccountV1WithdrawCharge', { currency: 'USDT-TRX' });
  });

  describe('has defects of its own', () => {
    it('names a currency that does not exist for ETH, unless its network is called ETH', async () => {
      expect(await given.client.failure('withdraw', 'ETH', 1, ETH_ADDRESS)).toMatchObject({
        message: expect.stringContaining('"code":60002'),
      });
      await given.client.call('withdraw', 'ETH', 1, ETH_ADDRESS, null, { network: 'ETH' });

      expect(await given.simulator.control.payments()).toMatchObject([
        { currency: 'ETH', chain: 'ETH', amount: '1' },
      ]);
    });

    it('finds nothing by a bare currency, and takes that for no withdrawals', async () => {
      await given.client.call('withdraw', ...withdraw());

      expect(await given.client.call('fetchWithdrawals', 'USDT')).toEqual([]);
    });

    it('cannot read an address book with an address for every currency', async () => {
      const universal = {
        currency: '',
        network: 'TRX',
        address: TRX_ADDRESS,
        memo: '',
        remark: '',
        addressType: 1,
        verifyStatus: 1,
      };
      await given.simulator.control.settings({ saved_addresses: [universal] });

      expect(await given.client.failure('fetchWithdrawAddresses', 'USDT')).toMatchObject({
        type: 'TypeError',
      });
    });
  });
});
