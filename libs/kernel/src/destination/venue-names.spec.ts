import { API_VENUES, programOf } from './venue-names.js';

describe('programOf', () => {
  it.each<readonly [string, string]>([
    ['gateio-treasury', 'gateio'],
    ['bybit-eu2', 'bybit'],
    ...API_VENUES.map((venue) => [venue, venue] as const),
    ['wallet', 'wallet'],
    ['testvenue', 'testvenue'],
    ['gateiox', 'gateiox'],
  ])('of %s is %s', (name, program) => expect(programOf(name)).toBe(program));
});
