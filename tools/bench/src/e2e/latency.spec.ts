import type { LoadResult } from '../load/load.js';
import type { Spent } from '../machine/machine.js';
import { measureLatency, rowOf, secondsFor } from './latency.js';

const COST: Spent = {
  wallMs: 10_000,
  cores: 2,
  generatorMs: 900,
  othersCores: 0,
  cpuMs: { 'intake-api': 1_500, postgres: 500 },
};

function resultOf(rate: number, seconds: number, captured = rate * seconds): LoadResult {
  return {
    rate,
    offered: rate * seconds,
    captured,
    refused: {},
    perSecond: captured / seconds,
    drainMs: 100,
    post: { p50: 4, p95: 6, p99: 8.04 },
    captureMs: { p50: 80, p95: 90, p99: 120 },
  };
}

describe('a row of latencies', () => {
  it('has what one withdrawal cost of all processes but the client', () => {
    expect(rowOf(20, resultOf(20, 10), COST)).toEqual({
      rate: 20,
      reached_per_second: 20,
      reached: true,
      post_p50_ms: 4,
      post_p99_ms: 8,
      captured_p99_ms: 120,
      cpu_ms_per_withdrawal: 10,
      cpu_percent: 10,
      others_cores: 0,
      cpu_ms_by_process: { 'intake-api': 7.5, postgres: 2.5 },
    });
  });

  it('reports the reached rate where the offered rate was not reached', () => {
    expect(rowOf(500, resultOf(500, 10, 3_000), COST)).toMatchObject({
      rate: 500,
      reached_per_second: 300,
      reached: false,
    });
  });

  it('has no latency and no cost of one where there was none', () => {
    expect(rowOf(0, null, COST)).toMatchObject({
      rate: 0,
      reached: true,
      cpu_percent: 10,
      post_p50_ms: null,
      post_p99_ms: null,
      captured_p99_ms: null,
      cpu_ms_per_withdrawal: null,
      cpu_ms_by_process: null,
    });
    expect(rowOf(5, resultOf(5, 10, 0), COST).cpu_ms_per_withdrawal).toBeNull();
  });
});

describe('measureLatency', () => {
  it('goes through the rates from low to high, and warns where others were busy', async () => {
    const said: string[] = [];
    const rows = await measureLatency({
      rates: [300, 0, 50],
      seconds: 0,
      run: (rate) => Promise.resolve(resultOf(rate, 10, rate === 300 ? 2_000 : undefined)),
      meter: () => () => ({ ...COST, othersCores: said.length > 1 ? 1 : 0 }),
      say: (line) => said.push(line),
    });

    expect(rows.map(({ rate }) => rate)).toEqual([0, 50, 300]);
    expect(said).toEqual([
      expect.stringMatching(/^idle/),
      expect.stringMatching(/^50\/s offered · POST p50 4 /),
      expect.stringMatching(/^300\/s offered, NOT REACHED: 200\/s captured/),
      expect.stringMatching(/^WARNING: other processes used 1 of 2 cores during 300\/s/),
    ]);
  });

  it('offers each rate just long enough for a reliable measurement', () => {
    expect([0, 5, 20, 500].map(secondsFor)).toEqual([15, 40, 15, 15]);
  });
});
