import { RemoteClock } from '@sluice/runtime';
import { VenueClock } from './venue-clock.js';

const NOON = Date.parse('2026-11-20T12:00:00.000Z');
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined };

describe('VenueClock', () => {
  let atMs = 0;
  let processTime = NOON;
  let errors: string[] = [];
  const given = (): VenueClock => {
    const monotonic = (): number => atMs;
    const logger = { ...QUIET, error: (_fields: object, text: string) => void errors.push(text) };
    return new VenueClock(
      'acme',
      logger,
      new RemoteClock(monotonic, () => new Date(processTime + atMs)),
      monotonic,
    );
  };
  const read = (clock: VenueClock, timeMs: number): void =>
    clock.observe({ timeMs, askedAtMs: atMs, answeredAtMs: atMs });
  beforeEach(() => {
    [atMs, processTime, errors] = [0, NOON, []];
  });

  it('is not known before the first answer: nothing may be sent', () => {
    const clock = given();

    expect(clock.earliest()).toBeNull();
    expect(clock.fault()).toBe('the time of acme is not known: it has not answered yet');
    read(clock, NOON);
    expect([clock.fault(), clock.earliest()]).toEqual([null, new Date(NOON)]);
  });

  it.each([
    [
      5_001,
      'the clock of this process is 5.0 s ahead of that of acme: nothing is sent until it is set right',
    ],
    [
      -120_000,
      'the clock of this process is 120.0 s behind that of acme: nothing is sent until it is set right',
    ],
    [4_900, null],
  ])('a process that is off by %d ms: %s', (offMs, fault) => {
    const clock = given();
    processTime = NOON + offMs + 2;

    read(clock, NOON);

    expect(clock.fault()).toBe(fault);
    expect(clock.unknownBecause()).toBeNull(); // look-ups go on, and prove what they cover
  });

  it('a jump of more than 5 s is logged, and proves nothing until its readings agree again', () => {
    const clock = given();
    read(clock, NOON);
    atMs = 1_000;
    read(clock, NOON + 61_000);
    processTime = NOON + 60_000;

    expect([errors.length, clock.jumps]).toEqual([1, 1]);
    for (const pause of [100, 100, 1_000]) {
      expect(clock.unknownBecause()).toContain('has jumped');
      atMs += pause;
      read(clock, NOON + 60_000 + atMs);
    }
    expect(clock.fault()).toBeNull();
  });

  it('grows vague when nobody asks it for hours', () => {
    const clock = given();
    read(clock, NOON);
    atMs = 8 * 3_600_000;

    expect(clock.fault()).toContain('not known well enough');
  });
});
