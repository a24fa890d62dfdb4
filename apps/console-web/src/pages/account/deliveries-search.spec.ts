import { deliveriesQuery } from './deliveries-search.js';

describe('the filter of deliveries', () => {
  it('takes a known status and the cursor', () =>
    expect(deliveriesQuery({ status: 'failed', cursor: '42' })).toEqual({
      status: 'failed',
      cursor: '42',
    }));

  it('leaves an unknown status out', () =>
    expect(deliveriesQuery({ status: 'x', other: 'y' })).toEqual({}));
});
