import { givenSimulator } from '../testing/test-client.js';
import {
  BitmartTestClient,
  codeOf,
  dataOf,
  ETH_ADDRESS,
  TRX_ADDRESS,
} from './bitmart-test-client.js';

const simulator = givenSimulator('bitmart');
let bitmart: BitmartTestClient;

beforeAll(async () => {
  bitmart = await BitmartTestClient.of(simulator.url);
});

beforeEach(async () => {
  await bitmart.control('POST', 'reset');
  await bitmart.control('PUT', 'settings', { rate_limits: { enabled: false }, status_ms: 40 });
});

const settings = (patch: object) => bitmart.control('PUT', 'settings', patch);

describe('a withdrawal to an address', () => {
  it('passes 0, 1, 2, 2 with a transaction, 3; the recipient gets the amount less the fee', async () => {
    await settings({ status_ms: 60_000 });
    const taken = await bitmart.withdraw();
    const { withdraw_id: id } = dataOf(taken);

    expect(taken.status).toBe(200);
    expect(JSON.parse(taken.text)).toMatchObject({
      code: 1000,
      message: 'OK',
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(id).toMatch(/^[0-9]+$/);
    expect(await bitmart.detail(id)).toMatchObject({ status: 0, tx_id: '' });
    await settings({ status_ms: { 0: 0, 1: 0, 2: 0 } });
    expect(await bitmart.until(({ status, tx_id }) => status === 2 && tx_id !== '')).toMatchObject({
      tx_id: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    await settings({ status_ms: { '2_tx': 0 } });
    const done = await bitmart.until(({ status }) => status === 3);
    expect(done).toEqual({
      withdraw_id: id,
      deposit_id: '',
      operation_type: 'withdraw',
      currency: 'USDT-ETH',
      apply_time: expect.any(Number),
      arrival_amount: '11.5',
      fee: '1',
      status: 3,
      address: ETH_ADDRESS,
      address_memo: '',
      tx_id: expect.stringMatching(/^0x/),
    });
    expect(await bitmart.payments()).toMatchObject([
      {
        id,
        client_id: null,
        currency: 'USDT',
        chain: 'ETH',
        amount: '12.5',
        net_amount: '11.5',
        status: '3',
      },
    ]);
  });

  it('is made twice by two equal requests: nothing recognises the second', async () => {
    const ids = [await bitmart.withdraw(), await bitmart.withdraw()].map(
      (reply) => dataOf(reply)['withdraw_id'],
    );

    expect(new Set(ids).size).toBe(2);
    expect(await bitmart.history()).toHaveLength(2);
  });

  it('accepts an amount as a JSON number, older ids, and unknown fields', async () => {
    await bitmart.apply(
      `{"recvWindow":5000,"currency":"USDT-TRC20","amount":12.50,"address":"${TRX_ADDRESS}","address_memo":""}`,
    );

    expect(await bitmart.history()).toMatchObject([
      { currency: 'USDT-TRX', arrival_amount: '11.5' },
    ]);
  });

  it('adds the fee on top according to the settings', async () => {
    await settings({ amount_is: 'net' });
    await bitmart.withdraw();

    expect(await bitmart.payments()).toMatchObject([{ amount: '13.5', net_amount: '12.5' }]);
  });

  it('wins over an account where a body has both', async () => {
    await bitmart.withdraw({ type: 2, value: 'someone@example.com', areaCode: '' });

    expect(await bitmart.payments()).toMatchObject([
      { destination: ETH_ADDRESS, net_amount: '11.5' },
    ]);
  });

  it('passes the statuses that are written for its address, undocumented ones too', async () => {
    await settings({ scripts: { [ETH_ADDRESS]: ['0', '2_tx', '5'], [TRX_ADDRESS]: ['9'] } });
    await bitmart.withdraw();
    await bitmart.until(({ status, tx_id }) => status === 5 && tx_id === '');
    await bitmart.withdraw({ currency: 'USDT-TRX', address: TRX_ADDRESS });

    await bitmart.until(({ status }) => status === 9);
  });

  it('ends as 5 or as 4 for an address set up so, and gives the money back', async () => {
    await settings({ rejected_addresses: [ETH_ADDRESS], balances: { USDT: '100' } });
    await bitmart.withdraw();
    await bitmart.until(({ status }) => status === 5);
    await settings({ rejected_addresses: [], cancelled_addresses: [ETH_ADDRESS] });
    await bitmart.withdraw();

    await bitmart.until(({ status }) => status === 4);
    const wallet = dataOf(await bitmart.get('/account/v1/wallet?currency=USDT'))['wallet'];
    expect(wallet).toMatchObject([{ available: '100', frozen: '0' }]);
  });

  it.each([
    ['the currency is missing', { currency: undefined }, 60000],
    ['the currency is unknown', { currency: 'NOPE-ETH' }, 60002],
    ['the bare currency is another, closed network', { currency: 'USDT' }, 60004],
    ['the API does not do it', { currency: 'IOTA' }, 60012],
    ['neither form is there', { address: undefined }, 60000],
    ['the address is of another chain', { address: TRX_ADDRESS }, 60011],
    [
      'the address is not in the book',
      { address: '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B' },
      60007,
    ],
    ['the address is saved for another network', { currency: 'ETH', address: TRX_ADDRESS }, 60011],
    [
      'the address is saved and not verified',
      { address: '0x0000000000000000000000000000000000000bad' },
      60015,
    ],
    ['a memo is sent where there are none', { address_memo: '1' }, 60014],
    [
      'the memo is not the saved one',
      { currency: 'XRP', address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh', address_memo: '1' },
      60007,
    ],
    ['the amount has an exponent', { amount: '1e3' }, 60000],
    ['the amount is negative', { amount: '-1' }, 60000],
    ['the amount is too fine', { amount: '12.1234567' }, 60006],
    ['the amount is no multiple', { currency: 'USDT-BSC_BNB', amount: '12.505' }, 60013],
    ['the amount is too little', { amount: '4.99' }, 60005],
    ['the amount is too much', { amount: '10000000001' }, 60009],
    ['the balance is too small', { amount: '1000000000.000001' }, 60008],
  ])('is refused, and leaves no row, when %s', async (_why, change, code) => {
    const reply = await bitmart.withdraw(change);

    expect(codeOf(reply)).toBe(code);
    expect(reply.status).toBe(400);
    expect(await bitmart.payments()).toEqual([]);
  });

  it('answers a body that is no JSON with 503, and another content type with 415', async () => {
    const broken = await bitmart.apply('{"currency":');
    const form = await bitmart.apply('a=1', {
      'Content-Type': 'application/x-www-form-urlencoded',
    });

    expect([broken.status, codeOf(broken), form.status, codeOf(form)]).toEqual([
      503, 30018, 415, 60031,
    ]);
  });
});

describe('a transfer to an account', () => {
  it.each([
    [{ type: 1, value: '876940329' }, 1000],
    [{ type: 2, value: 'someone@example.com' }, 1000],
    [{ type: 3, value: '412345678', areaCode: '61' }, 1000],
    [{ type: 3, value: '412345678' }, 60000],
    [{ type: 4 }, 60000],
    [{ type: '1' }, 60000],
    [{ value: '' }, 60000],
    [{ value: '876940001' }, 60065],
  ])('%j is %s', async (change, code) => {
    expect(codeOf(await bitmart.transfer(change))).toBe(code);
    expect(await bitmart.payments()).toHaveLength(code === 1000 ? 1 : 0);
  });

  it('needs no saved address, is free, and never has a transaction', async () => {
    await bitmart.transfer();

    const done = await bitmart.until(({ status }) => status === 3);
    expect(done).toMatchObject({ address: '876940329', arrival_amount: '5', fee: '0', tx_id: '' });
  });

  it('hides the address according to the settings, and rejects an unknown user', async () => {
    await settings({ account_record_address: 'empty', refused_addresses: ['nobody@example.com'] });
    await bitmart.transfer();

    expect(await bitmart.history()).toMatchObject([{ address: '' }]);
    expect(codeOf(await bitmart.transfer({ type: 2, value: 'nobody@example.com' }))).toBe(60053);
  });
});

describe('the records', () => {
  it('are the newest N of the window, whatever their form', async () => {
    await bitmart.withdraw();
    await bitmart.transfer();
    await bitmart.withdraw({ currency: 'ETH', amount: '1' });

    const rows = dataOf(
      await bitmart.get('/account/v2/deposit-withdraw/history?operation_type=withdraw&N=2'),
    )['records'];
    expect(rows).toMatchObject([{ currency: 'ETH' }, { address: '876940329' }]);
    expect(await bitmart.history('&currency=USDT-ETH')).toHaveLength(2);
    expect(await bitmart.history('&currency=USDT')).toEqual([]);
    expect(await bitmart.history('&endTime=1763000000000')).toEqual([]);
  });

  it.each([
    ['operation_type=withdraw', 60000],
    ['operation_type=withdraw&N=0', 60000],
    ['operation_type=withdraw&N=1001', 60000],
    ['operation_type=move&N=1', 60000],
    ['operation_type=deposit&N=1', 1000],
    ['operation_type=withdraw&N=1&startTime=1763000000000&endTime=1770776000001', 60066],
    ['operation_type=withdraw&N=1&startTime=1763000000001&endTime=1763000000000', 60067],
  ])('%s is %s', async (query, code) => {
    expect(codeOf(await bitmart.get(`/account/v2/deposit-withdraw/history?${query}`))).toBe(code);
  });

  it('show a payment only after the listing delay, while the book has it at once', async () => {
    await settings({ listing_delay_ms: 60_000 });
    const { withdraw_id: id } = dataOf(await bitmart.withdraw());

    expect(await bitmart.history()).toEqual([]);
    expect(codeOf(await bitmart.get(`/account/v1/deposit-withdraw/detail?id=${String(id)}`))).toBe(
      60010,
    );
    expect(await bitmart.payments()).toHaveLength(1);
  });
});

describe('the other reads', () => {
  it.each([
    '/system/time',
    '/system/service',
    '/account/v1/currencies',
    '/spot/v1/currencies',
    '/spot/v1/symbols/details',
    '/contract/public/details',
  ])('%s is public', async (path) => {
    expect(codeOf(await bitmart.get(path, {}))).toBe(1000);
  });

  it('return fee, minimum, precision and ids', async () => {
    expect(dataOf(await bitmart.get('/account/v1/withdraw/charge?currency=USDT-BSC_BNB'))).toEqual({
      today_available_withdraw_BTC: '100',
      min_withdraw: '5',
      withdraw_precision: 6,
      withdraw_fee: '0.2',
      withdraw_Precision_GeTen: 0.01,
    });
    const { currencies } = dataOf(
      await bitmart.get('/account/v1/currencies?currencies=USDT-TRX,USDT,NOPE'),
    );
    expect(currencies).toMatchObject([
      { currency: 'USDT-TRX', network: 'TRX', withdraw_enabled: true },
      { currency: 'USDT', network: 'OMNI', withdraw_enabled: false },
    ]);
    expect(dataOf(await bitmart.get('/account/v1/withdraw/address/list'))['list']).toHaveLength(15);
  });

  it('show what is under way as frozen', async () => {
    await settings({ status_ms: { 0: 60_000 }, balances: { USDT: '100' } });
    await bitmart.withdraw();

    expect(dataOf(await bitmart.get('/account/v1/wallet'))['wallet']).toContainEqual(
      expect.objectContaining({ currency: 'USDT', available: '87.5', frozen: '12.5' }),
    );
    expect(dataOf(await bitmart.get('/spot/v1/wallet'))['wallet']).toContainEqual(
      expect.objectContaining({ id: 'USDT', total: '100' }),
    );
  });

  it('need their permission', async () => {
    const [reader, sub] = [
      await BitmartTestClient.of(bitmart.url, 'read_only'),
      await BitmartTestClient.of(bitmart.url, 'sub_account'),
    ];

    expect(await reader.history()).toEqual([]);
    expect(codeOf(await reader.get('/account/v1/withdraw/charge?currency=ETH'))).toBe(30012);
    expect(codeOf(await sub.get('/account/v1/withdraw/charge?currency=ETH'))).toBe(60026);
    expect(codeOf(await reader.withdraw())).toBe(30012);
    expect(codeOf(await sub.withdraw())).toBe(60054);
    expect(codeOf(await bitmart.get('/account/v1/wallet', {}))).toBe(30001);
  });

  it('answer what they do not know with 30000, and another method with 60030', async () => {
    const unknown = await bitmart.get('/account/v1/deposit-withdraw/history');
    const method = await bitmart.get('/account/v1/withdraw/apply');

    expect([unknown.status, codeOf(unknown), method.status, codeOf(method)]).toEqual([
      404, 30000, 405, 60030,
    ]);
  });
});

describe('the limits', () => {
  it('let eight applies through per two seconds; the header counts what was used; going on ends in a ban', async () => {
    await settings({ rate_limits: { enabled: true }, ban: { after: 2 } });
    const replies = [];
    for (let n = 0; n < 11; n++) replies.push(await bitmart.withdraw());

    expect(replies.map(codeOf)).toEqual([
      ...Array.from({ length: 8 }, () => 1000),
      30013,
      30013,
      30017,
    ]);
    expect(replies.slice(8).map((reply) => reply.status)).toEqual([429, 429, 418]);
    expect(
      replies.slice(0, 2).map((reply) => reply.headers.get('x-bm-ratelimit-remaining')),
    ).toEqual(['1', '2']);
    expect(replies[8]?.headers.get('x-bm-ratelimit-limit')).toBe('8');
    expect(replies[8]?.headers.get('x-bm-ratelimit-reset')).toBe('2');
    expect(await bitmart.payments()).toHaveLength(8);
  });

  it('identify a client by address, key or user', async () => {
    await settings({ rate_limits: { enabled: true } });
    const replies = [
      await bitmart.get('/system/time', {}),
      await bitmart.get('/account/v1/wallet'),
      await bitmart.withdraw(),
    ];

    expect(replies.map((reply) => reply.headers.get('x-bm-ratelimit-mode'))).toEqual([
      'IP',
      'KEY',
      'UID',
    ]);
  });
});
