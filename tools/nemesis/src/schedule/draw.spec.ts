import { randomOf, SIMULATED_NAMES } from '@sluice/stack';
import { REQUEST_FAULT_KINDS } from '../system/request-fault.js';
import { LONGEST_FREEZE_MS, smallCards, systemWideCards } from './cards.js';
import { drawSchedule } from './draw.js';
import { describe as inWords, FAULT_GROUPS, kindOf, placeOf, type FaultGroup } from './fault.js';

const MINUTES = 10;
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const draw = (seed: number, groups: readonly FaultGroup[] = FAULT_GROUPS, minutes = MINUTES) =>
  drawSchedule(randomOf(seed), { durationMs: minutes * 60_000, groups: new Set(groups) });
const kindsOf = (schedule: ReturnType<typeof draw>) =>
  new Set(schedule.map(({ fault }) => kindOf(fault)));
const every = new Set(FAULT_GROUPS);
/** A long freeze is the same kind as a short one, and has a card of its own. */
const ALL_KINDS = new Set(
  [...smallCards(every), ...systemWideCards(every)]
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'freeze for long'),
);

describe('the schedule of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('has only what was asked for', () => {
    const groups = new Set(draw(3, ['kill', 'clock', 'log-loss']).map(({ fault }) => fault.group));

    expect(groups).toEqual(new Set(['kill', 'clock', 'log-loss']));
  });

  it('of ten minutes has every kind of fault, whatever the seed', () => {
    const lacking = SEEDS.flatMap((seed) => {
      const kinds = kindsOf(draw(seed));
      return [...ALL_KINDS].filter((kind) => !kinds.has(kind)).map((kind) => `${seed}: ${kind}`);
    });

    expect(lacking).toEqual([]);
  });

  it('of ten minutes disturbs the requests of every venue in every way, whatever the seed', () => {
    const wanted = SIMULATED_NAMES.flatMap((venue) =>
      REQUEST_FAULT_KINDS.map((kind) => `${venue} ${kind}`),
    );

    for (const seed of SEEDS) {
      const met = new Set(draw(seed).map(({ fault }) => `${placeOf(fault)} ${kindOf(fault)}`));
      expect(wanted.filter((one) => !met.has(one))).toEqual([]);
    }
  });

  it('loses no record that a restore of all databases within three minutes needs', () => {
    const near = SEEDS.flatMap((seed) => {
      const schedule = draw(seed);
      const restores = schedule.filter(
        ({ fault }) => fault.group === 'restore' && fault.what === 'all',
      );
      return schedule.flatMap(({ atMs, fault }) =>
        fault.group === 'log-loss' && restores.some((one) => Math.abs(one.atMs - atMs) < 180_000)
          ? [fault.topics]
          : [],
      );
    });

    expect(near.length).toBeGreaterThan(50);
    expect(near.filter((topics) => topics.length === 0)).toEqual([]);
    expect(near.flat().filter((topic) => /^(ledger|withdrawal)\./.test(topic))).toEqual([]);
  });

  it('of ten minutes freezes one process for five', () => {
    const freezes = SEEDS.map((seed) =>
      draw(seed).map(({ fault }) => (fault.group === 'freeze' ? fault.forMs : 0)),
    );

    for (const times of freezes) expect(Math.max(...times)).toBe(LONGEST_FREEZE_MS);
  });

  it.each([1, 3, 5])('of %i minutes has as many kinds as fit into the duration', (minutes) => {
    for (const seed of SEEDS.slice(0, 20)) {
      const schedule = draw(seed, ['log-loss', 'restore', 'broker'], minutes);
      const most = Math.min(schedule.length, 17);

      expect(kindsOf(schedule).size).toBe(most);
    }
  });

  it('restores every database alone and all, with the services stopped and under them', () => {
    const restores = SEEDS.flatMap((seed) => draw(seed, ['restore'])).flatMap(({ fault }) =>
      fault.group === 'restore' ? [`${fault.what} ${fault.live ? 'live' : 'stopped'}`] : [],
    );

    expect([...new Set(restores)].sort()).toEqual(
      [
        'all',
        'intake-api',
        'ledger',
        'webhooks',
        'signer',
        'connector-gateio',
        'connector-bitmart',
        'connector-bybit',
        'connector-upvest',
        'connector-evm',
      ]
        .flatMap((what) => [`${what} live`, `${what} stopped`])
        .sort(),
    );
  });

  it('is in order of time, and ends before the load does', () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const times = draw(seed).map(({ atMs }) => atMs);

      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(Math.max(...times)).toBeLessThan(MINUTES * 60_000 - 15_000);
    }
  });

  it('leaves time between system-wide faults, so that the next meets a system that works', () => {
    const systemWide = draw(5, ['log-loss', 'restore']).map(({ atMs }) => atMs);

    expect(systemWide.slice(1).every((at, index) => at - (systemWide[index] ?? 0) >= 20_000)).toBe(
      true,
    );
  });

  it('never puts a database back to before the load', () => {
    const restores = SEEDS.slice(0, 20).flatMap((seed) => draw(seed, ['restore']));

    expect(restores.length).toBeGreaterThan(50);
    expect(
      restores.every(({ atMs, fault }) => fault.group === 'restore' && fault.backMs <= atMs),
    ).toBe(true);
  });

  it('describes every fault in words', () => {
    const texts = SEEDS.slice(0, 10).flatMap((seed) =>
      draw(seed).flatMap(({ fault }) => [inWords(fault), kindOf(fault)]),
    );

    expect(texts.filter((text) => text.includes('undefined') || text.includes('[object'))).toEqual(
      [],
    );
  });
});
