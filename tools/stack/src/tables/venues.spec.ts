import {
  bankAccountIn,
  bankVenue,
  orderFormsOf,
  recipientOf,
  SIMULATED_NAMES,
  simulatedOf,
} from './venues.js';

describe('the table of venues', () => {
  it('identifies a payment by its recipient, or by the text if the venue pays one bank account', () => {
    const payment = { destination: '0xAB', memo: 'w4fX2bQ9kLm0ZtR7sVw3Yp81 N-1 and more' };

    expect(recipientOf('gateio', payment)).toBe('0xab');
    expect(recipientOf('wallet', payment)).toBe('0xab');
    expect(recipientOf('upvest', payment)).toBe('n-1');
    expect(recipientOf('upvest', { ...payment, memo: null })).toBe('');
  });

  it('finds the venue that pays to bank accounts, and picks its account', () => {
    const account = { user_id: 'u', account_group_id: 'g', reference_account_id: 'r' };

    expect(bankVenue()).toBe('upvest');
    expect(bankAccountIn('upvest', { ...account, client_id: 'c' })).toEqual(account);
    expect(bankAccountIn('gateio', { ...account })).toEqual({});
  });

  it('has forms of orders for each venue, named after the venue', () => {
    const names = SIMULATED_NAMES.map((venue) => [
      venue,
      orderFormsOf(venue).filter(([name]) => name.split('-')[0] !== venue),
      orderFormsOf(venue).length > 0,
    ]);

    expect(names).toEqual(SIMULATED_NAMES.map((venue) => [venue, [], true]));
  });

  it('has only slow endpoints of the rate plan', () => {
    for (const venue of SIMULATED_NAMES) {
      const { endpoints, api } = simulatedOf(venue);

      expect(endpoints).toEqual(expect.arrayContaining([...(api.slowEndpoints ?? [])]));
    }
  });
});
