import { UnusedTimestamps } from './unused-timestamps.js';

const GET = { method: 'GET', path: '/v1/withdrawals/7', query: '', body: '' };
const START_MS = 1_747_444_800_900;
const START_S = 1_747_444_800;

/** A generator of numbers from 0 to 1 that gives the same numbers in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

describe('timestamps', () => {
  it('differ for each equal request, and stay within 150 s of the present', () => {
    const timestamps = new UnusedTimestamps(() => START_MS, seeded(1));

    const given = Array.from({ length: 301 }, () => Number(timestamps.next(GET)));

    expect(new Set(given).size).toBe(301);
    expect(Math.min(...given)).toBe(START_S - 150);
    expect(Math.max(...given)).toBe(START_S + 150);
  });

  it('are the present second when every second within reach is used', () => {
    const timestamps = new UnusedTimestamps(() => START_MS, seeded(1));
    for (let used = 0; used < 301; used++) timestamps.next(GET);

    expect(timestamps.next(GET)).toBe(String(START_S));
  });

  it('of 40 clients that share one key and read at the same moment are all accepted within 3 attempts', () => {
    const accepted = new Set<string>();
    const clients = Array.from(
      { length: 40 },
      (_, seed) => new UnusedTimestamps(() => START_MS, seeded(seed * 7_919)),
    );

    const attemptsOf = (client: UnusedTimestamps): number => {
      for (let attempt = 1; ; attempt++) {
        const second = client.next(GET);
        if (accepted.has(second)) continue;
        accepted.add(second);
        return attempt;
      }
    };

    expect(Math.max(...clients.map(attemptsOf))).toBeLessThanOrEqual(3);
  });

  it('do not count seconds that are long gone', () => {
    let now = START_MS;
    const timestamps = new UnusedTimestamps(() => now, seeded(2));
    for (let used = 0; used < 301; used++) timestamps.next(GET);
    now += 400_000;

    const after = Array.from({ length: 301 }, () => Number(timestamps.next(GET)));

    expect(new Set(after).size).toBe(301);
  });

  it('are kept for a bounded number of requests that are long gone', () => {
    let now = START_MS;
    const timestamps = new UnusedTimestamps(() => now, seeded(3));
    for (let id = 0; id < 1_500; id++) timestamps.next({ ...GET, path: `/v1/withdrawals/${id}` });
    now += 400_000;

    timestamps.next(GET);

    expect(timestamps.remembered).toBe(1);
  });
});
