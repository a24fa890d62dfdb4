import { findSustained } from './find-sustained.js';
import type { LoadResult } from './load.js';

const NOTHING = { p50: 0, p95: 0, p99: 0 };

function systemWithCapacity(capacity: number) {
  const rates: number[] = [];
  const run = (rate: number, seconds: number): Promise<LoadResult> => {
    rates.push(rate);
    const offered = rate * seconds;
    const drainMs = Math.max(0, (rate / capacity - 1) * seconds * 1000);
    return Promise.resolve({
      rate,
      offered,
      captured: offered,
      refused: {},
      perSecond: offered / (seconds + drainMs / 1000),
      drainMs,
      post: NOTHING,
      captureMs: NOTHING,
    });
  };
  return { rates, run };
}

describe('findSustained', () => {
  it('closes in on the capacity from below and stops', async () => {
    const { rates, run } = systemWithCapacity(1_000);
    const best = await findSustained({
      startRate: 300,
      seconds: 10,
      run,
      onResult: () => undefined,
    });
    expect(best?.rate).toBeGreaterThan(850);
    expect(best?.rate).toBeLessThanOrEqual(1_250);
    expect(rates.length).toBeLessThanOrEqual(11);
  });

  it('finds no rate when even the lowest rate is too high', async () => {
    const { run } = systemWithCapacity(10);
    expect(
      await findSustained({ startRate: 300, seconds: 10, run, onResult: () => undefined }),
    ).toBeNull();
  });

  it('goes down where the first rate is too much, and narrows in from there', async () => {
    const { rates, run } = systemWithCapacity(100);
    const best = await findSustained({
      startRate: 300,
      seconds: 10,
      run,
      onResult: () => undefined,
    });
    expect(best?.rate).toBeGreaterThan(75);
    expect(best?.rate).toBeLessThanOrEqual(120);
    expect(rates.slice(0, 3)).toEqual([300, 150, 75]);
  });
});
