import { durationText, relativeText, utcText } from './ages.js';

const NOW = Date.parse('2026-11-30T14:00:00.000Z');

describe('a duration', () => {
  it.each([
    [-5, '0 ms'],
    [340, '340 ms'],
    [1_999, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [7_799_000, '2 h 9 min'],
    [86_400_000, '1 d'],
    [98_000_000, '1 d 3 h'],
  ])('of %i ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));
});

describe('an instant', () => {
  it.each([
    ['2026-11-30T13:55:00Z', '5 min ago'],
    ['2026-11-30T16:00:00Z', 'in 2 h'],
    ['2026-11-30T14:00:00.400Z', 'now'],
    ['never', ''],
  ])('%s is %j from now', (instant, text) => expect(relativeText(instant, NOW)).toBe(text));

  it('is shown in UTC with its zone, whatever zone it was written in', () => {
    expect(utcText('2026-11-30T15:05:09.123+01:00')).toBe('2026-11-30 14:05:09 UTC');
    expect(utcText('2026-11-30T14:05:09.123Z', true)).toBe('2026-11-30 14:05:09.123 UTC');
    expect(utcText('soon')).toBe('soon');
  });
});
