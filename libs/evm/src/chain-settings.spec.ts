import fc from 'fast-check';
import { addressOf, textOf, unitsOf, weiOfGwei } from './chain-settings.js';

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

const ADDRESS = '0x52908400098527886E0F7030069857D2E4169EE7';
const OTHER = '0xde709f2102306220921060314715629080e2fb77';

describe('addressOf', () => {
  it.each([
    ['with its checksum', ADDRESS],
    ['in lower case', ADDRESS.toLowerCase()],
    ['in upper case', `0x${ADDRESS.slice(2).toUpperCase()}`],
  ])('reads one %s', (_how, text) => {
    expect(addressOf(text)).toBe(ADDRESS);
  });

  it.each([
    ['mixed case that is no checksum', ADDRESS.replace('E0F', 'e0F')],
    ['one capital letter', OTHER.replace('de', 'De')],
    ['too few digits', ADDRESS.slice(0, -1)],
    ['no prefix', ADDRESS.slice(2)],
    ['an upper-case prefix', ADDRESS.replace('0x', '0X')],
    ['nothing', ''],
  ])('reads none in %s', (_what, text) => {
    expect(addressOf(text)).toBeNull();
  });
});
