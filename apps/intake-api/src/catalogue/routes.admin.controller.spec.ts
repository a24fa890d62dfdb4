import fc from 'fast-check';
import { routeChanges, type ShownVenue } from './routes.admin.controller.js';

const gateio = {
  venue: 'gateio',
  pays: ['address', 'venue_account'],
  state: 'on',
  min_amount: null,
};
const bybit = { venue: 'bybit', pays: ['address'], state: 'on', min_amount: '10' };
const upvest = { venue: 'upvest', pays: ['reference_account'], state: 'on', min_amount: null };

describe('routeChanges', () => {
  it.each<[string, ShownVenue[], ShownVenue[], string[]]>([
    ['nothing', [gateio, bybit], [gateio, bybit], []],
    ['no route either time', [], [], []],
    [
      'a state',
      [gateio, bybit],
      [gateio, { ...bybit, state: 'paused' }],
      ['state of bybit is paused, was on'],
    ],
    [
      'a limit that was not there',
      [gateio],
      [{ ...gateio, min_amount: '5' }],
      ['min_amount of gateio is 5, was none'],
    ],
    [
      'a limit that is none now',
      [bybit],
      [{ ...bybit, min_amount: null }],
      ['min_amount of bybit is none, was 10'],
    ],
    [
      'what it pays',
      [gateio],
      [{ ...gateio, pays: ['address'] }],
      ['pays of gateio is address, was address,venue_account'],
    ],
    [
      'the order',
      [gateio, bybit],
      [bybit, gateio],
      ['the order is bybit, gateio, was gateio, bybit'],
    ],
    ['one more', [gateio], [gateio, bybit], ['bybit is new']],
    ['one less', [gateio, bybit], [bybit], ['gateio is gone']],
    ['another instead', [gateio, bybit], [gateio, upvest], ['bybit is gone', 'upvest is new']],
    [
      'two things',
      [gateio, bybit],
      [{ ...bybit, state: 'closing' }, gateio],
      ['state of bybit is closing, was on', 'the order is bybit, gateio, was gateio, bybit'],
    ],
  ])('reports %s', (_what, was, is, changes) => {
    expect(routeChanges(was, is)).toEqual(changes);
  });

  it('is silent exactly when both readings are the same', () => {
    const venue = fc.record({
      venue: fc.constantFrom('gateio', 'bybit', 'upvest'),
      state: fc.constantFrom('on', 'paused'),
      decimals: fc.option(fc.nat(3)),
    });
    const route = fc.uniqueArray(venue, { selector: ({ venue: name }) => name });
    fc.assert(
      fc.property(route, route, (was, is) =>
        expect(routeChanges(was, is).length === 0).toBe(JSON.stringify(was) === JSON.stringify(is)),
      ),
    );
  });
});
