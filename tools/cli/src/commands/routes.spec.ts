import type { RouteVenueDto } from '@sluice/http-api';
import { changedVenues, type RouteChange } from './routes.js';

const ROUTE: readonly RouteVenueDto[] = [
  { venue: 'gateio', pays: ['address'], state: 'on', max_amount: null },
  { venue: 'bybit', pays: ['address'], state: 'on', max_amount: '5' },
  { venue: 'bitmart', pays: ['address'], state: 'paused', max_amount: null },
];
const NOTHING: RouteChange = { order: [], venue: undefined, fields: {}, remove: false };
const names = (change: Partial<RouteChange>) =>
  changedVenues(ROUTE, { ...NOTHING, ...change }).map(({ venue }) => venue);

describe('a change of a route', () => {
  it('puts the named venues first and leaves the others as they follow each other', () => {
    expect(names({ order: ['bitmart'] })).toEqual(['bitmart', 'gateio', 'bybit']);
    expect(names({ order: ['bybit', 'bitmart', 'gateio'] })).toEqual([
      'bybit',
      'bitmart',
      'gateio',
    ]);
    expect(names({})).toEqual(['gateio', 'bybit', 'bitmart']);
  });

  it('changes what it names of one venue and nothing else', () => {
    const changed = changedVenues(ROUTE, {
      ...NOTHING,
      venue: 'bybit',
      fields: { state: 'closing' },
    });
    expect(changed).toEqual([ROUTE[0], { ...ROUTE[1], state: 'closing' }, ROUTE[2]]);
  });

  it('adds a venue at the end, or where the order says', () => {
    const fields = { pays: ['address'] } as const;
    expect(changedVenues(ROUTE, { ...NOTHING, venue: 'upvest', fields }).at(-1)).toEqual({
      venue: 'upvest',
      pays: ['address'],
    });
    expect(names({ venue: 'upvest', fields, order: ['upvest'] })[0]).toBe('upvest');
  });

  it('takes a venue out', () => {
    expect(names({ venue: 'bybit', remove: true })).toEqual(['gateio', 'bitmart']);
  });

  it('names the nearest for a venue that is not there', () => {
    expect(() => names({ order: ['bybti'] })).toThrow(
      'the route has no venue bybti; did you mean bybit? (it has gateio, bybit, bitmart)',
    );
    expect(() => names({ venue: 'upvest', remove: true })).toThrow('the route has no venue upvest');
  });
});
