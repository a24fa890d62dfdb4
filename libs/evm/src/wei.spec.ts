import fc from 'fast-check';
import { textOf, unitsOf, weiOfGwei } from './wei.js';

describe('units of a chain', () => {
  it('come from decimal text, to the last digit', () => {
    expect(unitsOf('1.5', 6)).toBe(1_500_000n);
    expect(unitsOf('0.000000000000000001', 18)).toBe(1n);
    expect(weiOfGwei('1.5')).toBe(1_500_000_000n);
  });

  it.each(['', '-1', '1e3', '.5', '1.', '1,5', ' 1', '0x1', '1.0000001'])(
    'come from nothing else: %p',
    (text) => expect(unitsOf(text, 6)).toBeNull(),
  );

  it('go back to the text that they came from', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 256n - 1n),
        fc.integer({ min: 0, max: 36 }),
        (units, decimals) => {
          expect(unitsOf(textOf(units, decimals), decimals)).toBe(units);
        },
      ),
    );
    expect(textOf(1_500_000n, 6)).toBe('1.5');
    expect(textOf(10n, 0)).toBe('10');
  });
});

describe('a long text of units', () => {
  it('is trimmed in linear time', () => {
    const units = BigInt(`1${'0'.repeat(100_000)}1`);
    const startedAt = performance.now();
    expect(textOf(units, 100_001)).toHaveLength(100_003);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
