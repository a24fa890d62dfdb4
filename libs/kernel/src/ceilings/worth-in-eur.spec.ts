import { Amount } from '../money/amount.js';
import { BUILT_IN_CEILINGS } from './built-in-ceilings.js';
import { REFERENCE_PRICES_EUR, worthInEur } from './worth-in-eur.js';

describe('a price of reference', () => {
  it.each(Object.entries(BUILT_IN_CEILINGS))(
    'exists for %s, and makes a call of its ceiling about a million euros',
    (currency, { call }) => {
      const worth = worthInEur(Amount.of(call, `${currency}.-`));

      expect(worth?.lessThan(Amount.of('1000000', 'EUR.-'))).toBe(false);
      expect(worth?.lessThan(Amount.of('1001000', 'EUR.-'))).toBe(true);
    },
  );

  it('exists for no other currency', () => {
    expect(Object.keys(REFERENCE_PRICES_EUR)).toEqual(Object.keys(BUILT_IN_CEILINGS));
  });

  it('is exact, and the stated price of an added asset counts where none is built in', () => {
    expect(worthInEur(Amount.of('0.010000000000000003', 'ETH.ARB'))?.toString()).toBe(
      '33.340000000000010002',
    );
    expect(worthInEur(Amount.of('30', 'DOGE.DOGE'), '0.1')?.toString()).toBe('3');
    expect(worthInEur(Amount.of('30', 'USDT.ETH'), '900')?.toString()).toBe('30');
  });

  it('is not guessed: an asset without one has no worth', () => {
    expect(worthInEur(Amount.of('1', 'DOGE.DOGE'))).toBeNull();
    expect(worthInEur(Amount.of('1', 'constructor.X'))).toBeNull();
  });
});
