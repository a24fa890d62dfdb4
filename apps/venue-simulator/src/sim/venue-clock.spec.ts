import type { SimulatedFact } from './facts.js';
import { SimulatedClock } from './venue-clock.js';

const NOON = Date.parse('2026-11-22T12:00:00.000Z');

function givenClock() {
  const machine = { now: NOON };
  const clock: SimulatedClock = new SimulatedClock(
    () => machine.now,
    (fact: SimulatedFact) => clock.apply(fact),
  );
  return { machine, clock };
}

describe('VenueClock', () => {
  it('is the machine’s until it is moved, and then stays ahead by as much', () => {
    const { machine, clock } = givenClock();
    const before = clock.now();
    clock.change({ advance_ms: 3_600_000 });
    machine.now += 1_000;

    expect([before, clock.now(), clock.ofRequests()]).toEqual([
      NOON,
      NOON + 3_601_000,
      NOON + 3_601_000,
    ]);
  });

  it('goes to a time', () => {
    const { clock } = givenClock();

    expect(clock.change({ to: '2026-12-24T18:00:00Z' })).toEqual({ ok: true });
    expect(clock.show()).toEqual({
      now: '2026-12-24T18:00:00.000Z',
      ahead_ms: 32.25 * 86_400_000,
      stopped: false,
      requests: 'venue',
    });
  });

  it('when stopped moves only by hand, and runs on from the new time', () => {
    const { machine, clock } = givenClock();
    clock.change({ stopped: true });
    machine.now += 5_000;
    clock.change({ advance_ms: 10 });
    const standing = clock.now();
    clock.change({ stopped: false });
    machine.now += 1;

    expect([standing, clock.now()]).toEqual([NOON + 10, NOON + 11]);
  });

  it('checks requests against the clock of the machine if configured', () => {
    const { clock } = givenClock();
    clock.change({ advance_ms: 3_600_000, requests: 'machine' });

    expect([clock.now(), clock.ofRequests()]).toEqual([NOON + 3_600_000, NOON]);
  });

  it('is set right by a reset', () => {
    const { clock } = givenClock();
    clock.change({ advance_ms: 3_600_000, stopped: true, requests: 'machine' });
    clock.apply({ t: 'reset' });

    expect([clock.now(), clock.ofRequests()]).toEqual([NOON, NOON]);
  });

  it.each([
    [
      { to: '2026-11-22T11:59:59Z' },
      'the clock cannot be set back: POST /_sim/reset restores the time of the machine',
    ],
    [{ to: '2027-12-24T00:00:00Z' }, 'the clock may be at most a year ahead of the machine'],
    [{ to: '2026-13-01T00:00:00Z' }, 'clock.to has to be an ISO 8601 time in UTC'],
    [{ to: '2026-12-01T00:00:00Z', advance_ms: 1 }, 'clock accepts advance_ms or to, not both'],
    [{ advance_ms: -1 }, 'clock.advance_ms has to be a whole number from 0 to 31622400000'],
    [{ by: 1 }, 'clock has no by; known: advance_ms, to, stopped, requests'],
    ['noon', 'clock has to be an object'],
  ])('refuses %j with a reason', (request, why) => {
    const { clock } = givenClock();

    expect(clock.change(request)).toEqual({ ok: false, refusal: why });
    expect(clock.now()).toBe(NOON);
  });
});
