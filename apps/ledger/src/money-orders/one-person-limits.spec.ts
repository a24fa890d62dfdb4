import { Amount } from '@sluice/kernel';
import { OnePersonLimits, readLimits } from './one-person-limits.js';

const moves = (...amounts: readonly (readonly [string, string])[]) => ({
  postings: amounts.flatMap(([text, asset]) => {
    const amount = Amount.of(text, asset as `${string}.${string}`);
    return [
      { account: 'funding' as const, amount: amount.negated() },
      { account: 'suspense' as const, amount },
    ];
  }),
});

describe('what one person may book alone', () => {
  const limits = new OnePersonLimits(readLimits({ USDC: '5' }));

  it.each([
    ['1000000', 'USDT.ETH', false],
    ['1000000.000001', 'USDT.ETH', true],
    ['5', 'USDC.ETH', false],
    ['5.01', 'USDC.SOL', true],
    ['0.01', 'DOGE.DOGE', true],
  ])('of %s %s: it takes two is %s', (amount, asset, isTwo) => {
    expect(limits.takeTwo(moves([amount, asset]))).toBe(isTwo);
  });

  it('counts all that an entry moves of an asset', () => {
    expect(limits.takeTwo(moves(['600000', 'USDT.ETH'], ['600000', 'USDT.ETH']))).toBe(true);
    expect(limits.takeTwo(moves(['600000', 'USDT.ETH'], ['600000', 'USDT.TRX']))).toBe(false);
  });

  it.each([
    [{ USDT: '1000000.01' }, /^USDT: must be at most 1000000: .* by a release alone$/],
    [{ BTC: '1e9' }, /^BTC: must be a decimal amount as text$/],
    [{ BTC: 1 }, /^BTC: must be a decimal amount as text$/],
    [{ DOGE: '1' }, /^DOGE: must be one of USDT/],
    [[], /^must be a JSON object/],
  ])('%j is refused as a setting', (value, sentence) => {
    expect(() => readLimits(value)).toThrow(sentence);
  });
});
