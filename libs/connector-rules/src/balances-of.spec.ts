import { balancesOf } from './balances-of.js';
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
