import { momentIn } from './moment.js';

describe('the time of balances', () => {
  it('is now without a time', () => {
    expect(momentIn({})).toBeNull();
    expect(momentIn({ at: '', by: 'effective' })).toBeNull();
  });

  it('counts by the time of booking, unless the time of effect is chosen', () => {
    const at = '2026-11-20T08:00:00Z';

    expect(momentIn({ at })).toEqual({ at, by: 'recorded' });
    expect(momentIn({ at, by: 'other' })).toEqual({ at, by: 'recorded' });
    expect(momentIn({ at, by: 'effective' })).toEqual({ at, by: 'effective' });
  });
});
