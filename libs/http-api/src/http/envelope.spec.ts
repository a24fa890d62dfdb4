import { numberedPage, NumberedPageOf } from './envelope.js';

describe('numberedPage', () => {
  it('has more where it has a cursor, and none on the last part', () => {
    expect(numberedPage(new NumberedPageOf(['a', 'b'], 17))).toEqual({
      success: true,
      message: 'OK',
      data: ['a', 'b'],
      data_count: 2,
      next_cursor: 17,
      has_more: true,
    });
    expect(numberedPage(new NumberedPageOf([], null))).toMatchObject({
      data_count: 0,
      next_cursor: null,
      has_more: false,
    });
  });
});
