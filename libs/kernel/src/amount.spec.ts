import fc from 'fast-check';
import {
  Amount,
  assetOf,
  currencyOf,
  isAsset,
  isDecimalText,
  lowerCase,
  networkOf,
  upperCase,
} from './amount.js';

const USDT = assetOf('USDT', 'ETH');
const anyAmountText = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }))
  .map(([whole, fraction]) => `${whole}.${fraction.toString().padStart(18, '0')}`);

describe('Amount', () => {
  it('keeps every digit of a 48-digit number and never writes an exponent', () => {
    expect(Amount.of('123456789012345678901234567890.123456789012345678', USDT).toString()).toBe(
      '123456789012345678901234567890.123456789012345678',
    );
    expect(Amount.of('0.000000000000000001', USDT).toString()).toBe('0.000000000000000001');
    expect(JSON.stringify({ amount: Amount.of('0.0000001', USDT) })).toBe('{"amount":"0.0000001"}');
  });

  it('adds the largest to the smallest without rounding', () => {
    const [large, small] = [
      Amount.of('9'.repeat(38), USDT),
      Amount.of(`0.${'0'.repeat(29)}1`, USDT),
    ];
    expect(large.plus(small).toString()).toBe(`${'9'.repeat(38)}.${'0'.repeat(29)}1`);
  });

  it.each(['', '+1', '1e5', '1.', '.5', '1,5', ' 1', '0x10', 'NaN', 'Infinity', '--1'])(
    'refuses %j',
    (text) => {
      expect(isDecimalText(text)).toBe(false);
      expect(() => Amount.of(text, USDT)).toThrow('not a decimal amount');
    },
  );

  it('takes 24 digits before the point at every edge, and reads sums of more', () => {
    const [largest, more] = ['9'.repeat(24), `1${'0'.repeat(24)}`];

    expect([isDecimalText(largest), isDecimalText(more)]).toEqual([true, false]);
    expect(Amount.of(largest, USDT).isTooLarge()).toBe(false);
    expect(Amount.of(`-${more}`, USDT).isTooLarge()).toBe(true);
    expect(Amount.of(largest, USDT).plus(Amount.of('1', USDT)).toString()).toBe(more);
  });

  it('adds and takes away exactly', () =>
    fc.assert(
      fc.property(anyAmountText, anyAmountText, (a, b) => {
        const [x, y] = [Amount.of(a, USDT), Amount.of(b, USDT)];
        expect(x.plus(y).minus(y).equals(x)).toBe(true);
        expect(x.plus(y).toString()).toBe(y.plus(x).toString());
        expect(Amount.of(x.toString(), USDT).equals(x)).toBe(true);
      }),
    ));

  it('does not mix assets', () => {
    expect(() => Amount.of('1', USDT).plus(Amount.of('1', assetOf('USDT', 'TRX')))).toThrow(
      'cannot mix USDT.ETH and USDT.TRX',
    );
  });

  it('is compared across networks only where that is asked for, and never across currencies', () => {
    const [asked, recorded] = [Amount.of('1.50', USDT), Amount.of('1.5', 'USDT.-')];
    expect(asked.equalsInCurrency(recorded)).toBe(true);
    expect(asked.equalsInCurrency(Amount.of('1.51', 'USDT.-'))).toBe(false);
    expect(() => asked.equals(recorded)).toThrow('cannot mix USDT.ETH and USDT.-');
    expect(() => asked.equalsInCurrency(Amount.of('1.5', assetOf('USDC', 'ETH')))).toThrow(
      'cannot mix USDT.ETH and USDC.ETH',
    );
  });

  it('rounds a fee up, a payout down, and refuses to pad away a digit', () => {
    const fee = Amount.of('10.000001', USDT).percent('0.1');
    expect(fee.toString()).toBe('0.010000001');
    expect(fee.roundedUp(6).toString()).toBe('0.010001');
    expect(fee.roundedDown(6).toString()).toBe('0.01');
    expect(Amount.of('50', USDT).toFixed(6)).toBe('50.000000');
    expect(() => fee.toFixed(6)).toThrow('more than 6 decimals');
  });

  it('is divided to 80 digits, and never by zero', () => {
    const third = Amount.of('10000', USDT).dividedBy('3');
    expect(third.roundedDown(6).toString()).toBe('3333.333333');
    expect(Amount.of('1', USDT).dividedBy('0.25').toString()).toBe('4');
    expect(() => third.dividedBy('0.000')).toThrow('nothing can be divided by zero');
  });

  it('has one zero', () => {
    const zero = Amount.of('1', USDT).minus(Amount.of('1', USDT)).negated();
    expect([zero.toString(), zero.isNegative(), zero.isPositive(), zero.isZero()]).toEqual([
      '0',
      false,
      false,
      true,
    ]);
  });
});

describe('Asset', () => {
  it('is one currency on one network', () => {
    expect([currencyOf(USDT), networkOf(USDT)]).toEqual(['USDT', 'ETH']);
    expect([
      isAsset('USDT.ETH'),
      isAsset('USDT'),
      isAsset('usdt.eth'),
      isAsset('A.B.C'),
      isAsset(7),
    ]).toEqual([true, false, false, false, false]);
    expect(() => assetOf('US.DT', 'ETH')).toThrow('not an asset');
  });
});

describe('upperCase', () => {
  it.each([
    ['usdt', 'USDT'],
    ['UsDt.1', 'USDT.1'],
    ['uſdt', 'UſDT'],
    ['ﬀ', 'ﬀ'],
    ['ß', 'ß'],
    ['', ''],
  ])('of %j is %j', (code, upper) => {
    expect(upperCase(code)).toBe(upper);
  });
});

describe('lowerCase', () => {
  it.each([
    ['GateIO', 'gateio'],
    ['GATEIO-1', 'gateio-1'],
    ['İK', 'İk'],
    ['\u212aucoin', '\u212aucoin'],
  ])('of %j is %j', (code, lower) => {
    expect(lowerCase(code)).toBe(lower);
  });
});
