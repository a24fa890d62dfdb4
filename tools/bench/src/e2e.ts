import { SIMULATED_NAMES, startSystem, type System } from '@sluice/stack';
import type { BenchOptions } from './bench-options.js';
import { findSustained } from './find-sustained.js';
import { Load, type LoadResult } from './load.js';
import { usageOf, type Usage } from './process-usage.js';

const WARM_UP = { rate: 100, seconds: 8 };
const SEARCH = { startRate: 300, seconds: 12 };
const CALM = { rate: 50, seconds: 15 };

export interface E2eReport {
  readonly withdrawals_per_second: number;
  readonly post_p50_ms: number;
  readonly post_p95_ms: number;
  readonly post_p99_ms: number;
  readonly captured_p50_ms: number;
  readonly captured_p95_ms: number;
  readonly captured_p99_ms: number;
  readonly cpu_ms_per_withdrawal: number;
  readonly cpu_ms_by_process: Readonly<Record<string, number>>;
  readonly peak_rss_mb_by_process: Readonly<Record<string, number>>;
}

/** The whole system under an open loop of signed requests, on its own data folder; stops by itself after a few minutes. */
export async function benchE2e({ home, say }: BenchOptions): Promise<E2eReport> {
  const system = await startSystem({
    home,
    venues: SIMULATED_NAMES,
    pace: 'fast',
    logLevel: 'warn',
    onStep: (step, ms) => say(`  ${step} (${ms} ms)`),
  });
  try {
    const load = await Load.prepare(system.run);
    say('warming up');
    await load.run(WARM_UP.rate, WARM_UP.seconds);
    const calm = await load.run(CALM.rate, CALM.seconds);
    say(`calm      ${describe(calm)}`);
    const { best, cpu } = await searched(system, load, say);
    await load.close();
    return report(best, calm, cpu, usageOf(pidsOf(system)));
  } finally {
    await system.stop();
  }
}

/** CPU is counted over the best run alone. */
async function searched(
  system: System,
  load: Load,
  say: (line: string) => void,
): Promise<{ best: LoadResult; cpu: Record<string, number> }> {
  const cpuOf = new Map<LoadResult, Record<string, number>>();
  const best = await findSustained({
    ...SEARCH,
    run: async (rate, seconds) => {
      const before = usageOf(pidsOf(system));
      const result = await load.run(rate, seconds);
      cpuOf.set(result, difference(before, usageOf(pidsOf(system))));
      return result;
    },
    onResult: (result, sustained) =>
      say(`${sustained ? 'sustained' : 'too much '} ${describe(result)}`),
  });
  if (!best) throw new Error(`not even ${SEARCH.startRate} withdrawals per second were sustained`);
  return { best, cpu: cpuOf.get(best) ?? {} };
}

function pidsOf({ run }: System): Record<string, number> {
  return { ...run.processes, generator: process.pid };
}

function difference(
  before: Record<string, Usage>,
  after: Record<string, Usage>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuMs }]) => [name, cpuMs - (before[name]?.cpuMs ?? 0)]),
  );
}

function report(
  best: LoadResult,
  calm: LoadResult,
  cpu: Record<string, number>,
  usage: Record<string, Usage>,
): E2eReport {
  const total = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
  const each = (ms: number) => Number((ms / best.captured).toFixed(3));
  return {
    withdrawals_per_second: Math.round(best.perSecond),
    post_p50_ms: round(calm.post.p50),
    post_p95_ms: round(calm.post.p95),
    post_p99_ms: round(calm.post.p99),
    captured_p50_ms: round(calm.captureMs.p50),
    captured_p95_ms: round(calm.captureMs.p95),
    captured_p99_ms: round(calm.captureMs.p99),
    cpu_ms_per_withdrawal: each(total),
    cpu_ms_by_process: Object.fromEntries(
      Object.entries(cpu).map(([name, ms]) => [name, each(ms)]),
    ),
    peak_rss_mb_by_process: Object.fromEntries(
      Object.entries(usage).map(([name, { peakRssMb }]) => [name, peakRssMb]),
    ),
  };
}

function describe(result: LoadResult): string {
  const refused = Object.entries(result.refused).map(([what, count]) => ` · ${count}× ${what}`);
  return (
    `${result.rate}/s offered: ${result.captured} of ${result.offered} captured, ${result.perSecond.toFixed(0)}/s, drained in ${(result.drainMs / 1000).toFixed(1)} s · ` +
    `POST p50 ${round(result.post.p50)} p95 ${round(result.post.p95)} p99 ${round(result.post.p99)} ms · ` +
    `captured p50 ${round(result.captureMs.p50)} p95 ${round(result.captureMs.p95)} p99 ${round(result.captureMs.p99)} ms${refused.join('')}`
  );
}

function round(ms: number): number {
  return Number(ms.toFixed(1));
}
