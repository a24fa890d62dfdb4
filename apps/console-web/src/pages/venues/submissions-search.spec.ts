import { submissionsQuery } from './submissions-search.js';

describe('the filter of submissions', () => {
  it('takes a known state only', () => {
    expect(submissionsQuery({ state: 'undecided' })).toEqual({ state: 'undecided' });
    expect(submissionsQuery({ state: 'x' })).toEqual({});
    expect(submissionsQuery({})).toEqual({});
  });
});
