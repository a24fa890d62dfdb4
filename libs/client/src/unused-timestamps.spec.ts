import { UnusedTimestamps } from './unused-timestamps.js';

const GET = { method: 'GET', path: '/v1/withdrawals/7', query: '', body: '' };
const START_MS = 1_747_444_800_900;

describe('timestamps', () => {
  it('are the present second, and for an equal request the nearest one that it did not have', () => {
    const timestamps = new UnusedTimestamps(() => START_MS);
    const other = { ...GET, path: '/v1/withdrawals/8' };

    expect([GET, GET, GET, other, GET].map((request) => timestamps.next(request))).toEqual([
      '1747444800',
      '1747444799',
      '1747444801',
      '1747444800',
      '1747444798',
    ]);
  });

  it('are never farther from the present than the API takes, however often it is asked', () => {
    const timestamps = new UnusedTimestamps(() => START_MS);
    const given = Array.from({ length: 1_000 }, () => Number(timestamps.next(GET)));

    expect(Math.max(...given.map((second) => Math.abs(second - 1_747_444_800)))).toBe(200);
    expect(new Set(given).size).toBe(401);
  });

  it('do not count those that are long gone', () => {
    let now = START_MS;
    const timestamps = new UnusedTimestamps(() => now);
    const before = Array.from({ length: 5 }, () => timestamps.next(GET));
    now += 400_000;

    const after = timestamps.next(GET);

    expect(before).not.toContain(after);
    expect(after).toBe('1747445200');
  });

  it('are kept for a bounded number of requests that are long gone', () => {
    let now = START_MS;
    const timestamps = new UnusedTimestamps(() => now);
    for (let id = 0; id < 1_500; id++) timestamps.next({ ...GET, path: `/v1/withdrawals/${id}` });
    now += 400_000;

    expect(timestamps.next(GET)).toBe('1747445200');
    expect(timestamps.remembered).toBe(1);
  });
});
