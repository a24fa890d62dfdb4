import fc from 'fast-check';
import { RemoteClock } from './remote-clock.js';

const NOON = Date.parse('2026-11-20T12:00:00.000Z');

describe('RemoteClock', () => {
  let atMs = 0;
  const clockWith = (processTime = NOON) =>
    new RemoteClock(
      () => atMs,
      () => new Date(processTime + atMs),
    );
  beforeEach(() => (atMs = 0));

  it('knows nothing before its first reading', () => {
    expect([clockWith().now(), clockWith().range(), clockWith().processIsAheadMs()]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('goes on by the monotonic clock, not by the clock of the process', () => {
    const clock = clockWith(NOON - 3_600_000);
    clock.observe({ timeMs: NOON, askedAtMs: 0, answeredAtMs: 0, stepMs: 0 });
    atMs = 5_000;
    expect(clock.now()).toEqual(new Date(NOON + 5_000));
    expect(clock.processIsAheadMs()).toBeLessThan(-3_599_000);
  });

  it('does not report a difference that lies within the coarseness of its readings', () => {
    const clock = clockWith(NOON + 900);
    clock.observe({ timeMs: NOON, askedAtMs: 0, answeredAtMs: 10, stepMs: 1_000 });
    expect(clock.processIsAheadMs()).toBe(0);
  });

  it('believes the newest reading when it contradicts the others, and answers the jump', () => {
    const clock = clockWith();
    clock.observe({ timeMs: NOON, askedAtMs: 0, answeredAtMs: 2 });
    expect(clock.observe({ timeMs: NOON + 60_000, askedAtMs: 2, answeredAtMs: 4 })).toBeGreaterThan(
      59_000,
    );
    expect(clock.now()?.getTime()).toBeGreaterThan(NOON + 59_000);
    expect(clock.observe({ timeMs: NOON, askedAtMs: 4, answeredAtMs: 6 })).toBeLessThan(-59_000);
  });

  it('never leaves the true time outside of its range, however slow and coarse the readings', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -3_600_000, max: 3_600_000 }),
        fc.array(
          fc.record({
            wait: fc.nat(60_000),
            out: fc.nat(5_000),
            back: fc.nat(5_000),
            step: fc.constantFrom(1, 1_000),
          }),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        (offset, readings) => {
          atMs = 0;
          const clock = clockWith();
          for (const { wait, out, back, step } of readings) {
            const askedAtMs = atMs + wait;
            const readAtMs = askedAtMs + out;
            atMs = readAtMs + back;
            const timeMs = Math.floor((NOON + offset + readAtMs) / step) * step;
            expect(clock.observe({ timeMs, askedAtMs, answeredAtMs: atMs, stepMs: step })).toBe(0);
          }
          const range = clock.range();
          expect(range?.earliest.getTime()).toBeLessThanOrEqual(NOON + offset + atMs);
          expect(range?.latest.getTime()).toBeGreaterThanOrEqual(NOON + offset + atMs);
        },
      ),
    ));
});
