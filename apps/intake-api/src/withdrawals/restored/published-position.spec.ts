import { recordsAfter } from './published-position.js';

describe('a stored position', () => {
  const log = (start: number, end: number) => new Map([['withdrawal.events 0', { start, end }]]);
  const stored = { 'withdrawal.events 0': 10 };

  it.each([
    ['at the end of the log', log(0, 10), 0],
    ['with as many later records as are read', log(0, 13), 3],
    ['with more later records than are read', log(0, 14), null],
    ['in a log whose earlier records were deleted', log(10, 11), 1],
    ['before the first record of the log', log(11, 12), null],
    ['after the end of the log', log(0, 9), null],
    ['in a log that does not exist', new Map(), null],
  ] as const)('%s: %j has later records: %s', (_what, bounds, expected) => {
    expect(recordsAfter(stored, bounds, 3)).toBe(expected);
  });

  it('of no partition is continued by a new partition with its first record', () => {
    expect([recordsAfter({}, log(0, 3), 3), recordsAfter({}, log(1, 3), 3)]).toEqual([3, null]);
  });
});
