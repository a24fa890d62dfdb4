import { readVenueAccounts } from './config.js';

describe('readVenueAccounts', () => {
  it('returns the names in their order', () => {
    expect(readVenueAccounts(' gateio-treasury, bybit-eu ,')).toEqual([
      'gateio-treasury',
      'bybit-eu',
    ]);
    expect(readVenueAccounts('')).toEqual([]);
  });

  it.each<readonly [string, string]>([
    ['gateio', '"gateio" is the venue itself'],
    ['kraken-eu', '"kraken-eu" belongs to no venue'],
    ['wallet-two', '"wallet-two" belongs to no venue'],
    ['gateio-', '"gateio-" has a suffix other than'],
    ['gateio-a-b', '"gateio-a-b" has a suffix other than'],
    ['gateio-Treasury', '"gateio-Treasury" has a suffix other than'],
    [`gateio-${'a'.repeat(17)}`, 'has a suffix other than'],
    ['bybit-eu,gateio-a,bybit-eu', '"bybit-eu" is listed twice'],
  ])('refuses %s', (text, message) => {
    expect(() => readVenueAccounts(text)).toThrow(message);
  });
});
