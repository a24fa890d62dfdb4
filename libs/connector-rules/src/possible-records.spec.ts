import { possibleAfter } from './possible-records.js';
import type { ListedWithdrawal } from './venue-adapter.js';

const named = (...references: string[]): ListedWithdrawal[] =>
  references.map((venueReference) => ({ venueReference }) as ListedWithdrawal);

describe('records that may be the payment of an order', () => {
  it('stay possible while no look-up lists them', () => {
    const first = possibleAfter([], { listed: named('1', '2', '3'), possible: named('2') });
    const second = possibleAfter(first, { listed: named('3'), possible: [] });

    expect([first, second]).toEqual([['2'], ['2']]);
  });

  it('are cleared by a look-up that lists them, and in which they cannot be the payment', () => {
    expect(possibleAfter(['1', '2'], { listed: named('1', '2'), possible: named('2') })).toEqual([
      '2',
    ]);
  });

  it('are named once, with those of the look-ups before', () => {
    expect(
      possibleAfter(['1', '2'], { listed: named('2', '4'), possible: named('2', '4') }),
    ).toEqual(['1', '2', '4']);
  });
});
