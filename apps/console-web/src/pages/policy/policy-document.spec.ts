import { policyDocument, tooLowLimits } from './policy-document.js';

describe('a pasted rule set', () => {
  it('is a JSON object, and nothing else', () => {
    expect(policyDocument('{"rules":[]}')).toEqual({ policy: { rules: [] }, fault: null });
    expect(policyDocument(' ').policy).toBeNull();
    expect(policyDocument('{').fault).toBe('The text is no JSON.');
    for (const text of ['[]', '3', 'null', '"x"'])
      expect(policyDocument(text).fault).toBe('The text is no JSON object.');
  });
});

describe('limits below the smallest withdrawal', () => {
  const terms = [
    {
      currency: 'USDT',
      network: 'ETH',
      state: 'in_force' as const,
      min_withdrawal_amount: '10.000000000000000001',
    },
    { currency: 'USDT', network: 'ETH', state: 'over' as const, min_withdrawal_amount: '99' },
  ];
  const limit = (max: unknown, unit = 'asset') => ({
    rules: [{ kind: 'limit', name: 'day', unit, assets: ['USDT.ETH', 'BTC.BTC'], max }],
  });

  it('are named with the last digit', () => {
    expect(tooLowLimits(limit('10'), terms)).toEqual([
      'Rule day allows 10 USDT.ETH, and the smallest withdrawal is 10.000000000000000001.',
    ]);
    expect(tooLowLimits(limit('10.000000000000000001'), terms)).toEqual([]);
  });

  it('are only those in units of an asset', () => {
    expect(tooLowLimits(limit('1', 'EUR'), terms)).toEqual([]);
    expect(tooLowLimits(limit(1), terms)).toEqual([]);
    expect(tooLowLimits({}, terms)).toEqual([]);
  });
});
