import { changesOf, median } from './cost.js';

const row = (ms: number | null) => ({
  cpu_ms_per_withdrawal: ms,
  post_p50_ms: null,
  post_p99_ms: null,
});
const pair = (without: number | null, opened: number | null) => ({
  without: row(without),
  with: row(opened),
});

describe('the change by an open page', () => {
  it('is that within each pair, whatever the machine does between the pairs', () => {
    const changes = changesOf([pair(20, 21), pair(40, 40), pair(10, 9)], 'cpu_ms_per_withdrawal');

    expect(changes.map(Math.round)).toEqual([5, 0, -10]);
  });

  it('is not a number without captured withdrawals', () =>
    expect(changesOf([pair(20, null)], 'cpu_ms_per_withdrawal')).toEqual([Number.NaN]));
});

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));
});
