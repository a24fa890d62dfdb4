import { Amount } from '../money/amount.js';
import { gasCeilingOf, gasFault } from './gas-ceilings.js';
import { readUnitWorths } from './read-unit-worths.js';

describe('the ceiling of gas', () => {
  it('is there for the native coins of our networks, and for nothing that is no coin of a chain', () => {
    expect([gasCeilingOf('ETH'), gasCeilingOf('BNB')]).not.toContain(null);
    expect([gasCeilingOf('USDT'), gasCeilingOf('toString')]).toEqual([null, null]);
  });

  it('allows a transfer to a contract at 1,000 gwei', () => {
    const dear = Amount.of('0.15', 'ETH.ETH'); // 150,000 gas
    const most = Amount.of(gasCeilingOf('ETH')?.spent ?? '0', 'ETH.ETH');

    expect(most.lessThan(dear)).toBe(false);
  });

  it.each([
    ['0.2', 'ETH.ETH', 'ETH', 'spent', null],
    ['10', 'ETH.ETH', 'ETH', 'topUp', null],
    ['0.200000000000000001', 'ETH.ETH', 'ETH', 'spent', 'above_ceiling'],
    ['10.000000000000000001', 'ETH.ETH', 'ETH', 'topUp', 'above_ceiling'],
    ['0.1', 'USDT.ETH', 'ETH', 'spent', 'not_native'],
    ['0.1', 'ETH.ETH', 'BSC', 'spent', 'not_native'],
  ] as const)('of %s %s on %s as %s: %s', (amount, asset, network, booked, fault) => {
    expect(gasFault(Amount.of(amount, asset), network, booked)).toBe(fault);
  });
});

describe('the ceiling of gas of a coin that no release names', () => {
  const WORTHS = { POL: '0.25' };

  it('is what a small sum of EUR buys at its stated worth', () => {
    expect(gasCeilingOf('POL', WORTHS)).toEqual({ spent: '40', topUp: '2000', day: '6000' });
    expect(gasFault(Amount.of('40', 'POL.POLYGON'), 'POLYGON', 'spent', WORTHS)).toBeNull();
    expect(gasFault(Amount.of('40.1', 'POL.POLYGON'), 'POLYGON', 'spent', WORTHS)).toBe(
      'above_ceiling',
    );
    expect(gasFault(Amount.of('1', 'POL.POLYGON'), 'POLYGON', 'spent')).toBe('not_native');
  });

  it('never changes what a release names', () => {
    expect(gasCeilingOf('ETH', { ETH: '0.01' })).toEqual(gasCeilingOf('ETH'));
  });
});

describe('UNIT_WORTH_EUR', () => {
  it('is read by currency', () => {
    expect(readUnitWorths({ POL: '0.25', USDC: '0.9' })).toEqual({ POL: '0.25', USDC: '0.9' });
  });

  it.each<[string, unknown]>([
    ['must be a JSON object', []],
    ['POL must be EUR above zero', { POL: 0.25 }],
    ['POL must be EUR above zero', { POL: '0' }],
    ['pol must be a currency', { pol: '1' }],
    ['ETH must not be there: a release has its ceilings', { ETH: '3000' }],
  ])('%s: %#', (sentence, value) => {
    expect(() => readUnitWorths(value)).toThrow(sentence);
  });
});
