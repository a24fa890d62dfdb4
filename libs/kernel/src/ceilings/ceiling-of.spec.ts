import fc from 'fast-check';
import { Amount } from '../money/amount.js';
import { UNNAMED_CEILING_EUR } from './built-in-ceilings.js';
import { ceilingOf, hasBuiltInCeiling, isAboveDay } from './ceiling-of.js';

describe('a day', () => {
  it.each([
    ['100000000', 'USDT.ETH', false],
    ['100000000.000001', 'USDT.ETH', true],
    ['0.000001', 'DOGE.ETH', true],
  ] as const)('of %s %s is above the built-in ceiling: %s', (amount, asset, is) => {
    expect(isAboveDay(Amount.of(amount, asset))).toBe(is);
  });
});

describe('a day of a currency that no release names', () => {
  it('is bounded by its worth, if stated', () => {
    const worths = { DAI: '1' };
    expect(isAboveDay(Amount.of('500000', 'DAI.ETH'), worths)).toBe(false);
    expect(isAboveDay(Amount.of('500000.1', 'DAI.ETH'), worths)).toBe(true);
  });
});

describe('the ceiling of a currency', () => {
  it('is as it is built in, or set lower, whatever is stated of its worth', () => {
    const lowered = { USDT: { call: '1000' } };
    const usdt = { call: '1000', hour: '20000000', day: '100000000' };
    expect(ceilingOf('USDT', lowered)).toEqual(usdt);
    expect(ceilingOf('USDT', lowered, '0.000001')).toEqual(usdt);
  });

  it.each([
    ['0.25', { call: '40000', hour: '400000', day: '2000000' }],
    [
      '3',
      {
        call: '3333.333333333333333333',
        hour: '33333.333333333333333333',
        day: '166666.666666666666666666',
      },
    ],
  ])('without a built-in ceiling is the amount of a sum of EUR at %s each', (worth, ceiling) => {
    expect(ceilingOf('DOGE', {}, worth)).toEqual(ceiling);
  });

  it('without a built-in ceiling is never worth more than the sum', () =>
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), (millionths) => {
        const worth = `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`;
        const { call } = ceilingOf('DOGE', {}, worth) ?? { call: '' };
        const inEur = Amount.of(call, 'EUR.-').percent(worth); // a hundredth of it
        const most = Amount.of(UNNAMED_CEILING_EUR.call, 'EUR.-').percent('1');
        expect(most.lessThan(inEur)).toBe(false);
      }),
    ));

  it('is none where no release names one and nothing is stated: nothing of it is sent', () => {
    expect([ceilingOf('DOGE', {}), ceilingOf('toString', {})]).toEqual([null, null]);
    expect([hasBuiltInCeiling('DOGE'), hasBuiltInCeiling('USDT')]).toEqual([false, true]);
  });
});
