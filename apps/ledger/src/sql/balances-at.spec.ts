import { addDecimals, negateDecimal } from './balances-at.js';

describe('decimal text of any length', () => {
  it.each([
    ['1.50', '2.5', '4'],
    ['-0.001', '0.0010', '0'],
    ['9'.repeat(38), '1', `1${'0'.repeat(38)}`],
    [`-1${'0'.repeat(200)}`, '0.5', `-${'9'.repeat(200)}.5`],
    ['0', '-0.30', '-0.3'],
  ])('%s and %s are %s', (a, b, sum) => {
    expect(addDecimals(a, b)).toBe(sum);
    expect(addDecimals(b, a)).toBe(sum);
  });

  it('is taken from another by its opposite', () => {
    expect([negateDecimal('1.5'), negateDecimal('-1.5')]).toEqual(['-1.5', '1.5']);
  });

  it.each(['NaN', 'Infinity', '-Infinity'])('adds up to no number with %s, and says so', (odd) => {
    expect(addDecimals('1', odd)).toBe('NaN');
    expect(addDecimals(odd, negateDecimal(odd))).toBe('NaN');
  });
});

describe('a decimal text of 100,000 zeros', () => {
  it('is trimmed in linear time', () => {
    const long = `1.${'0'.repeat(100_000)}1`;
    const startedAt = performance.now();
    expect(addDecimals(long, '1')).toBe(`2.${'0'.repeat(100_000)}1`);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
