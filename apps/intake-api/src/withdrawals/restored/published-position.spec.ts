import { continuesFrom } from './published-position.js';

describe('a stored position', () => {
  const log = (start: number, end: number) => new Map([['withdrawal.events 0', { start, end }]]);
  const stored = { 'withdrawal.events 0': 10 };

  it.each([
    ['at the end of the log', log(0, 10), true],
    ['with as many later records as are read', log(0, 13), true],
    ['with more later records than are read', log(0, 14), false],
    ['in a log whose earlier records were deleted', log(10, 11), true],
    ['before the first record of the log', log(11, 12), false],
    ['after the end of the log', log(0, 9), false],
    ['in a log that does not exist', new Map(), false],
  ] as const)('%s: %j is continued: %s', (_what, bounds, expected) => {
    expect(continuesFrom(stored, bounds, 3)).toBe(expected);
  });

  it('of no partition is continued by a new partition with its first record', () => {
    expect([continuesFrom({}, log(0, 3), 3), continuesFrom({}, log(1, 3), 3)]).toEqual([
      true,
      false,
    ]);
  });
});
