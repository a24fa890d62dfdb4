import { cpuPercentOf, isQuiet, othersCores, processorsOf, warn } from './machine.js';

const STAT = `cpu  100 10 50 9000 40 7 8 5 3 0
cpu0 50 5 25 4500 20 3 4 2 1 0
cpu1 50 5 25 4500 20 4 4 3 2 0
intr 12345`;

describe('processorsOf', () => {
  it('counts user, nice, system and stolen time of all cores, and neither waiting nor interrupts', () => {
    expect(processorsOf(STAT)).toEqual({ cores: 2, busyMs: 1_650 });
  });
});

describe('othersCores', () => {
  it('is what was busy beyond ours, as a number of cores', () => {
    expect(othersCores(15_000, 9_000, 10_000)).toBe(0.6);
  });

  it('is nothing where ours counts a tick more than the machine', () => {
    expect(othersCores(9_990, 10_000, 10_000)).toBe(0);
  });
});

describe('a quiet machine', () => {
  it('is one of which others take a twentieth at most', () => {
    expect(isQuiet({ cores: 2, othersCores: 0.1 })).toBe(true);
    expect(isQuiet({ cores: 2, othersCores: 0.11 })).toBe(false);
  });

  it('is warned of only where it was not', () => {
    const said: string[] = [];
    for (const othersCores of [0.05, 0.7])
      warn('50/s', { cores: 2, othersCores }, (line) => said.push(line));
    expect(said).toEqual([
      'WARNING: other processes used 0.7 of 2 cores during 50/s: its absolute figures are unreliable',
    ]);
  });
});

describe('cpuPercentOf', () => {
  it('is of all cores, without the client', () => {
    const spent = { wallMs: 10_000, cores: 2, generatorMs: 5_000, othersCores: 0 };
    expect(cpuPercentOf({ ...spent, cpuMs: { ledger: 1_000, kafka: 2_000 } })).toBe(15);
  });
});
