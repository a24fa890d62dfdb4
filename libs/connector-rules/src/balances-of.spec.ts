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

  it.each([
    [null],
    [{}],
    [[{ coin: 'USDT', free: '1' }]],
    [[{ coin: 'BTC', free: 'x', locked: '0' }]],
  ])('reads nothing of %j', (rows) => expect(read(rows)).toBeNull());
});
