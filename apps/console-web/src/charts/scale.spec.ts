import { linePaths, topOf } from './scale.js';

describe('the axis of a chart', () => {
  it.each([
    [[], 1],
    [[0], 1],
    [[3], 5],
    [[10], 10],
    [[11, 4], 20],
    [[0.3], 0.5],
    [[61_000], 100_000],
  ])('for %j ends at %d', (values, top) => expect(topOf(values)).toBeCloseTo(top, 9));
});

describe('the line of a chart', () => {
  it('has a gap where a value is missing', () =>
    expect(
      linePaths([{ x: 0, y: 1 }, { x: 1, y: 2.04 }, null, { x: 3, y: 4 }, null, null]),
    ).toEqual(['M0 1L1 2', expect.stringMatching(/^M3 4m-2 0a2 2/)]));

  it('is none without values', () => expect(linePaths([null])).toEqual([]));
});
