import { Amount } from '@sluice/kernel';
import { DEFAULT_SETTINGS, OnePersonLimits, readLimits } from './one-person-limits.js';

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
  const limits = new OnePersonLimits({
    ...DEFAULT_SETTINGS,
    byCurrency: readLimits({ USDC: '5' }),
  });
  const takesTwo = (entry: ReturnType<typeof moves>) =>
    !(limits.worthOrReason(entry) instanceof Amount);

  it.each([
    ['1000000', 'USDT.ETH', false],
    ['1000000.000001', 'USDT.ETH', true],
    ['5', 'USDC.ETH', false],
    ['5.01', 'USDC.SOL', true],
    ['0.01', 'DOGE.DOGE', true],
  ])('of %s %s: it takes two is %s', (amount, asset, isTwo) => {
    expect(takesTwo(moves([amount, asset]))).toBe(isTwo);
  });

  it('counts all that an entry moves of an asset', () => {
    expect(takesTwo(moves(['600000', 'USDT.ETH'], ['600000', 'USDT.ETH']))).toBe(true);
    expect(takesTwo(moves(['600000', 'USDT.ETH'], ['600000', 'USDT.TRX']))).toBe(false);
  });

  it('is worth the sum of its assets in EUR', () => {
    const worth = limits.worthOrReason(moves(['2', 'USDT.ETH'], ['0.5', 'BTC.BTC']));
    expect(worth.toString()).toBe('50002');
  });

  it('names the limit and the amount above it', () => {
    expect(limits.worthOrReason(moves(['6', 'USDC.ETH']))).toEqual({
      code: 'above_one_person_limit',
      message: 'The order moves 6 USDC. One person may move at most 5 USDC per call.',
    });
    expect(limits.worthOrReason(moves(['6', 'DOGE.DOGE']))).toMatchObject({
      message: 'One person has no limit for DOGE: every money order in DOGE takes two people.',
    });
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
