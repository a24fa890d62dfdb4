import { bookAccountsOf, countOf, isMoreThanZero } from './venue-facts.js';

describe('the accounts of a venue in the book', () => {
  const ACCOUNTS = ['clearing:gateio', 'gas:ETH', 'hot-wallet:BASE', 'hot-wallet:ETH', 'suspense'];

  it('are its clearing account, and for our own wallet an account per chain', () => {
    expect(bookAccountsOf('gateio', ACCOUNTS)).toEqual(['clearing:gateio']);
    expect(bookAccountsOf('wallet', ACCOUNTS)).toEqual(['hot-wallet:BASE', 'hot-wallet:ETH']);
  });

  it('are none before the first booking', () =>
    expect(bookAccountsOf('bybit', ACCOUNTS)).toEqual([]));
});

describe('the count of a kind', () => {
  it('says that there are more than those listed', () => {
    const items = [
      { kind: 'halt' as const, more: false },
      { kind: 'break' as const, more: true },
      { kind: 'break' as const, more: true },
    ];

    expect(countOf(items, 'halt')).toBe('1');
    expect(countOf(items, 'break')).toBe('2 and more');
    expect(countOf(items, 'case')).toBe('0');
  });
});

describe('an amount above zero', () => {
  it('has a digit other than zero', () => {
    expect(['0.000000000000000001', '70.0', '1'].map(isMoreThanZero)).toEqual([true, true, true]);
    expect(['0', '0.00', null, '-1'].map(isMoreThanZero)).toEqual([false, false, false, false]);
  });
});
