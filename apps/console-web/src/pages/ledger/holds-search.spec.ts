import { holdsQuery } from './holds-search.js';

describe('the filter of holds', () => {
  it('shows placed holds without a known state', () => {
    expect(holdsQuery({})).toEqual({ state: 'placed' });
    expect(holdsQuery({ state: 'x', account: '' })).toEqual({ state: 'placed' });
  });

  it('takes state, account and cursor', () =>
    expect(holdsQuery({ state: 'refused', account: 'a', cursor: 'c' })).toEqual({
      state: 'refused',
      account_id: 'a',
      cursor: 'c',
    }));
});
