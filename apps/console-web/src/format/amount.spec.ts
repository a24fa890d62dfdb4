import fc from 'fast-check';
import { amountParts, compareAmounts, compareShares } from './amount.js';

const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([isNegative, digits, scale]) => {
    const text = digits.toString().padStart(scale + 1, '0');
    const whole = text.slice(0, text.length - scale);
    const fraction = scale === 0 ? '' : `.${text.slice(text.length - scale)}`;
    const units = digits * 10n ** BigInt(18 - scale);
    return {
      text: `${isNegative ? '-' : ''}${whole}${fraction}`,
      units: isNegative ? -units : units,
    };
  });

describe('an amount', () => {
  it.each([
    ['0', ['0'], ''],
    ['12', ['12'], ''],
    ['123', ['123'], ''],
    ['1234', ['1', '234'], ''],
    ['11405184306090229330.019', ['11', '405', '184', '306', '090', '229', '330'], '.019'],
    ['0.000000000000000001', ['0'], '.000000000000000001'],
  ])('%s is grouped from the right, with each digit', (text, groups, fraction) =>
    expect(amountParts(text)).toEqual({ sign: '', groups, fraction }),
  );

  it('keeps its exact text when its parts are joined', () =>
    fc.assert(
      fc.property(decimal, ({ text }) => {
        const { sign, groups, fraction } = amountParts(text)!;
        expect(`${sign}${groups.join('')}${fraction}`).toBe(text);
        expect(groups.slice(1).every((group) => group.length === 3)).toBe(true);
      }),
    ));

  it.each(['1e18', '', '1.', '.5', '+1', '1,000', ' 1', 'NaN'])('is not guessed from %j', (text) =>
    expect(amountParts(text)).toBeNull(),
  );

  it('is compared like the exact number', () =>
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const expected = one.units < other.units ? -1 : one.units > other.units ? 1 : 0;
        expect(Math.sign(compareAmounts(one.text, other.text))).toBe(expected);
      }),
    ));

  it('equals itself with further zeros', () => {
    expect(compareAmounts('1.50', '1.5')).toBe(0);
    expect(compareAmounts('-0', '0.00')).toBe(0);
    expect(compareAmounts('007', '7')).toBe(0);
  });
});

describe('a share', () => {
  it.each([
    [['1', '3'], ['2', '6'], 0],
    [['9.9', '100'], ['1', '10'], -1],
    [['0.5', '1'], ['0.000000000000000001', '1'], 1],
    [['0', '5'], ['1', '1000000'], -1],
  ] as const)('%j compared to %j is %d', (one, other, expected) =>
    expect(compareShares(one, other)).toBe(expected),
  );
});
