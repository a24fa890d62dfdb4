import { randomOf } from '../random.js';
import { drawSchedule } from './draw.js';
import { describe as inWords, FAULT_GROUPS, type FaultGroup } from './fault.js';

const MINUTES = 10;
const draw = (seed: number, groups: readonly FaultGroup[] = FAULT_GROUPS, minutes = MINUTES) =>
  drawSchedule(randomOf(seed), { durationMs: minutes * 60_000, groups: new Set(groups) });

describe('the schedule of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('has only what was asked for', () => {
    const groups = new Set(draw(3, ['kill', 'clock', 'log-loss']).map(({ fault }) => fault.group));

    expect(groups).toEqual(new Set(['kill', 'clock', 'log-loss']));
  });

  it('draws every group in ten seeds, in order of time, and none in the last seconds', () => {
    const schedules = Array.from({ length: 10 }, (_, seed) => draw(seed));

    expect(new Set(schedules.flat().map(({ fault }) => fault.group))).toEqual(
      new Set(FAULT_GROUPS),
    );
    for (const schedule of schedules) {
      const times = schedule.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(Math.max(...times)).toBeLessThan(MINUTES * 60_000 - 15_000);
    }
  });

  it('leaves time between system-wide faults, so that the next meets a system that works', () => {
    const systemWide = draw(5, ['log-loss', 'restore']).map(({ atMs }) => atMs);

    expect(systemWide.slice(1).every((at, index) => at - (systemWide[index] ?? 0) >= 25_000)).toBe(
      true,
    );
  });

  it('never puts a database back to before the load', () => {
    const restores = Array.from({ length: 20 }, (_, seed) => draw(seed, ['restore'])).flat();

    expect(restores.length).toBeGreaterThan(50);
    expect(
      restores.every(({ atMs, fault }) => fault.group === 'restore' && fault.backMs <= atMs),
    ).toBe(true);
  });

  it('describes every fault in words', () => {
    const texts = Array.from({ length: 10 }, (_, seed) => draw(seed)).flatMap((schedule) =>
      schedule.map(({ fault }) => inWords(fault)),
    );

    expect(texts.filter((text) => text.includes('undefined') || text.includes('[object'))).toEqual(
      [],
    );
  });
});
