import { BitmartTestClient, codeOf as bitmartCode, dataOf } from './bitmart/bitmart-test-client.js';
import { BybitTestClient, codeOf as bybitCode } from './bybit/bybit-test-client.js';
import { GateioTestClient, labelOf, TRX_ADDRESS } from './gateio/gateio-test-client.js';
import { givenSimulator, json } from './testing/test-client.js';

const DOGE = 'D7Y55Lkqb3VtQ5pX8y2sCmHCmBqMZ4Vv5e';
/** A new coin, a chain that is closed, and another price for a third. */
const COINS = {
  DOGE: { usd: '0.3', chains: { DOGE: { fee: '2', minimum: '10', address_like: '^D.{33}$' } } },
  USDT: { chains: { TRX: { closed: true }, ETH: { fee: '3.5' } } },
};
const SETTINGS = {
  rate_limits: { enabled: false },
  coins: COINS,
  balances: { DOGE: '500' },
};

describe('coins that a test adds, closes and prices', () => {
  const gateio = givenSimulator('gateio');
  const bybit = givenSimulator('bybit');
  const bitmart = givenSimulator('bitmart');

  it('at Gate.io', async () => {
    const gate = await GateioTestClient.of(gateio.url);
    await gate.control('PUT', 'settings', SETTINGS);
    const doge = { currency: 'DOGE', chain: 'DOGE', address: DOGE, amount: '100' };

    expect(json(await gate.withdraw(doge))).toMatchObject({ amount: '100', fee_amount: '2' });
    expect(labelOf(await gate.withdraw({ ...doge, amount: '9' }))).toBe('AMOUNT_TOO_LITTLE');
    expect(labelOf(await gate.withdraw({ chain: 'TRX', address: TRX_ADDRESS }))).toBe(
      'API_WITHDRAW_DISABLED',
    );
    expect(json(await gate.withdraw())).toMatchObject({ fee_amount: '3.5' });
    expect(await gate.list('/spot/accounts?currency=DOGE')).toMatchObject([{ available: '400' }]);
    expect(await gate.list('/wallet/currency_chains?currency=USDT')).toMatchObject([
      { chain: 'ETH', is_withdraw_disabled: 0 },
      { chain: 'TRX', is_withdraw_disabled: 1 },
      { chain: 'ARBEVM' },
      { chain: 'BSC' },
    ]);
    expect(json(await gate.call('GET', '/spot/currencies/DOGE'))).toMatchObject({
      currency: 'DOGE',
      withdraw_disabled: false,
    });
  });

  it('at Bybit', async () => {
    const client = await BybitTestClient.of(bybit.url);
    await client.settings(SETTINGS);
    const doge = { coin: 'DOGE', chain: 'DOGE', address: DOGE, amount: '100' };

    expect(bybitCode(await client.withdraw(doge))).toBe(0);
    expect(bybitCode(await client.withdraw({ ...doge, amount: '9' }))).toBe(131096);
    expect(bybitCode(await client.withdraw({ chain: 'TRX', address: DOGE }))).toBe(131097);
    expect(bybitCode(await client.withdraw())).toBe(0);
    expect(await client.payments()).toMatchObject([
      { currency: 'DOGE', amount: '102', net_amount: '100' },
      { currency: 'USDT', amount: '27.5', net_amount: '24' },
    ]);
    expect((await client.result('/v5/asset/coin/query-info?coin=USDT'))['rows']).toMatchObject([
      { chains: [{ chainWithdraw: '1' }, { chainWithdraw: '0' }, {}, {}] },
    ]);
  });

  it('at BitMart', async () => {
    const client = await BitmartTestClient.of(bitmart.url);
    await client.control('PUT', 'settings', { ...SETTINGS, saved_addresses_only: false });
    const doge = { currency: 'DOGE', address: DOGE, amount: '100' };

    expect(bitmartCode(await client.withdraw(doge))).toBe(1000);
    expect(bitmartCode(await client.withdraw({ ...doge, amount: '9' }))).toBe(60005);
    expect(bitmartCode(await client.withdraw({ currency: 'USDT-TRX' }))).toBe(60004);
    expect(bitmartCode(await client.withdraw())).toBe(1000);
    expect(await client.history()).toMatchObject([
      { currency: 'USDT-ETH', fee: '3.5', arrival_amount: '9' },
      { currency: 'DOGE', fee: '2', arrival_amount: '98' },
    ]);
    const priced = await client.get('/account/v1/wallet?currency=DOGE&needUsdValuation=true');
    expect(dataOf(priced)['wallet']).toMatchObject([
      { available: '400', available_usd_valuation: '120.00' },
    ]);
  });

  it('are refused with a sentence, and then nothing has changed', async () => {
    const gate = await GateioTestClient.of(gateio.url);
    await gate.control('POST', 'reset');
    const refusalOf = async (patch: object): Promise<unknown> =>
      json(await gate.control('PUT', 'settings', patch))['message'];

    expect(await refusalOf({ coins: { DOGE: {} } })).toBe(
      'settings.coins.DOGE is new and needs a chain',
    );
    expect(await refusalOf({ balances: { DOGE: '1' } })).toContain(
      'settings.balances cannot have DOGE: there is no such coin; known: USDT, ',
    );
    expect(json(await gate.control('GET', 'settings'))['coins']).toEqual({});
  });
});
