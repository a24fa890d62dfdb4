import { draftOf, faultsOf, moved, newDraft, venueOfDraft } from './route-edit.js';
import { routeRows } from './route-rows.js';

const GATEIO = {
  venue: 'gateio',
  pays: ['address' as const],
  state: 'paused' as const,
  min_amount: '10.000000000000000001',
  max_amount: null,
  decimals: 6,
  fee_percent: '0.2',
  fee_flat: null,
  submit_within_ms: 600_000,
};

describe('the change of a route', () => {
  it('gives an unchanged venue back as it was, digit for digit', () =>
    expect(venueOfDraft(draftOf(GATEIO))).toEqual(GATEIO));

  it('gives a new venue the default time', () =>
    expect(venueOfDraft(newDraft('bybit'))).toMatchObject({
      venue: 'bybit',
      state: 'on',
      decimals: null,
      submit_within_ms: 3_600_000,
    }));

  it('moves a venue by one place, and never out of the list', () => {
    const drafts = ['a', 'b', 'c'].map(newDraft);
    const order = (name: string, by: -1 | 1) => moved(drafts, name, by).map(({ venue }) => venue);

    expect(order('c', -1)).toEqual(['a', 'c', 'b']);
    expect(order('a', -1)).toEqual(['a', 'b', 'c']);
    expect(order('c', 1)).toEqual(['a', 'b', 'c']);
    expect(order('x', 1)).toEqual(['a', 'b', 'c']);
  });

  it('names each fault with its venue', () => {
    const draft = { ...newDraft('bybit'), pays: [], min_amount: '1e3', decimals: '6.5' };

    expect(faultsOf([draft])).toEqual([
      'bybit: it has to pay some kind of destination.',
      'bybit: min amount is no decimal number.',
      'bybit: decimals is no whole number.',
    ]);
    expect(faultsOf([draftOf(GATEIO)])).toEqual([]);
  });
});

describe('the lines of routes', () => {
  const routes = [
    { currency: 'USDT', network: 'ETH', venues: [GATEIO, { ...GATEIO, venue: 'bybit' }] },
    { currency: 'BTC', network: 'BTC', venues: [] },
  ];

  it('have the place of each venue, and show a route without a venue', () =>
    expect(
      routeRows(routes, '').map(({ asset, position, venue }) => [asset, position, venue]),
    ).toEqual([
      ['USDT.ETH', 1, 'gateio'],
      ['USDT.ETH', 2, 'bybit'],
      ['BTC.BTC', 1, null],
    ]));

  it('are filtered by a part of the asset', () => expect(routeRows(routes, 'btc')).toHaveLength(1));
});
