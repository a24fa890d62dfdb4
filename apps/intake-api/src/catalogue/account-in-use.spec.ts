import { missingAccounts } from './account-in-use.js';

describe('missingAccounts', () => {
  const used = [
    { venue: 'bybit-eu', routes: 1, open: 0 },
    { venue: 'gateio', routes: 3, open: 7 },
    { venue: 'gateio-treasury', routes: 0, open: 2 },
    { venue: 'wallet', routes: 1, open: 1 },
  ];

  it('names each account in a route or with open withdrawals', () => {
    expect(missingAccounts(used, ['gateio'])).toBe(
      'VENUE_ACCOUNTS lacks accounts in use: bybit-eu (1 routes, 0 open withdrawals), gateio-treasury (0 routes, 2 open withdrawals). Add the names; remove an account after its routes are changed and its withdrawals have ended',
    );
  });

  it('is null if each account in use is listed', () => {
    expect(missingAccounts(used, ['gateio', 'gateio-treasury', 'bybit-eu'])).toBeNull();
  });
});
