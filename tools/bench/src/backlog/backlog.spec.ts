import { drainOf } from './backlog.js';

const STARTED_AT = 1_000_000;
/** So many in each second, one second after the other, from three seconds after the start. */
function captured(...perSecond: readonly number[]): number[] {
  return perSecond.flatMap((count, second) =>
    Array.from(
      { length: count },
      (_, n) => STARTED_AT + 3_000 + second * 1_000 + n * (1_000 / count),
    ),
  );
}

describe('drainOf', () => {
  it('counts from the first capture to the last, and reports the start of the process separately', () => {
    expect(drainOf({ startedAt: STARTED_AT, captured: captured(200, 200, 200, 200, 200) })).toEqual(
      {
        captured: 1_000,
        drain_per_second: 200,
        slowest_fifth_per_second: 200,
        fastest_fifth_per_second: 200,
        first_after_s: 3,
        drained_after_s: 8,
      },
    );
  });

  it('shows where it did not drain evenly', () => {
    const drain = drainOf({ startedAt: STARTED_AT, captured: captured(400, 400, 400, 100, 100) });

    expect(drain.fastest_fifth_per_second).toBe(400);
    expect(drain.slowest_fifth_per_second).toBeLessThan(150);
  });

  it('is nothing where nothing was captured', () => {
    expect(drainOf({ startedAt: STARTED_AT, captured: [] })).toMatchObject({
      captured: 0,
      drain_per_second: 0,
      first_after_s: 0,
      drained_after_s: 0,
    });
  });
});
