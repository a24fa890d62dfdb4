import { Amount, type Destination } from '@sluice/kernel';
import { balancesOf, ruleFault } from './read-rows.js';
import type { FormCapabilities } from './capabilities.js';

const FORM: FormCapabilities = {
  form: 'pay',
  destination: 'address',
  accountKinds: [],
  assets: ['USDT.ETH', 'USDT.TRX', 'BTC.BTC'],
  recovery: 'search',
  absence: { emptyLookups: 1, afterMs: 0 },
  honoured: null,
  maxResends: 0,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const FIELDS = { currency: 'coin', parts: ['free', 'locked'] };
const read = (rows: unknown) => {
  const balances = balancesOf({ venue: 'testvenue', forms: [FORM] }, rows, FIELDS);
  return balances?.kind === 'balances'
    ? balances.balances.map(({ currency, total }) => `${total.toString()} ${currency}`)
    : null;
};

describe('balancesOf', () => {
  it('sums the parts of each currency that is paid here; one without a row is empty', () => {
    const rows = [
      { coin: 'USDT', free: '10.5', locked: '0.25' },
      { coin: 'DOGE', free: '?' },
    ];

    expect(read(rows)).toEqual(['10.75 USDT', '0 BTC']);
  });

  it('reads names in any case, and amounts in any notation', () => {
    const rows = [
      { coin: 'usdt', free: 1e-8, locked: '1E+3' },
      { coin: ' Btc', free: '0.123456789012345678', locked: 0 },
    ];

    expect(read(rows)).toEqual(['1000.00000001 USDT', '0.123456789012345678 BTC']);
  });

  it.each([
    [null],
    [[{ coin: '', free: '1', locked: '0' }]],
    [
      [
        { free: '1', locked: '0' },
        { coin: 'BTC', free: '1', locked: '0' },
      ],
    ],
    [[{ coin: 'USDT', free: '1,000', locked: '0' }]],
    [[{ coin: 'USDT', free: null, locked: '0' }]],
    [{}],
    [[{ coin: 'USDT', free: '1' }]],
    [[{ coin: 'BTC', free: 'x', locked: '0' }]],
  ])('reads nothing of %j', (rows) => expect(read(rows)).toBeNull());
});

const address = (memo?: string): Destination => ({
  type: 'address',
  address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  ...(memo !== undefined && { memo }),
});
const id = '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7b';
const bank: Destination = {
  type: 'reference_account',
  userId: id,
  accountGroupId: id,
  referenceAccountId: id,
};

describe('ruleFault', () => {
  const of = (venue: string, asset: 'USDT.ETH' | 'XRP.XRP' | 'EUR.SEPA', amount: string) => ({
    is: (destination: Destination) =>
      ruleFault(venue, { asset, amount: Amount.of(amount, asset), destination }),
  });

  it.each(['gateio', 'bybit', 'bitmart', 'wallet'])(
    '%s: refuses a memo on a network without memos, and a tag that is none',
    (venue) => {
      expect(of(venue, 'USDT.ETH', '1').is(address())).toBeNull();
      expect(of(venue, 'USDT.ETH', '1').is(address('7'))?.message).toMatch(/^memo: /);
      expect(of(venue, 'XRP.XRP', '1').is(address('1e3'))?.message).toMatch(/^memo: /);
    },
  );

  it('refuses an amount that a bank transfer has not', () => {
    expect(of('upvest', 'EUR.SEPA', '0.01').is(bank)).toBeNull();
    expect(of('upvest', 'EUR.SEPA', '0.001').is(bank)?.reason).toBe('invalid_amount');
    expect(of('upvest', 'EUR.SEPA', '1').is({ ...bank, userId: 'x' })?.message).toMatch(/^user_id/);
  });
});
