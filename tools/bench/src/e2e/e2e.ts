import type { System } from '@sluice/stack';
import { stopAllBut, withBenchSystem, type BenchOptions } from '../system/bench-system.js';
import type { LoadResult } from '../load/load.js';
import { startMeter, usageOf, warn } from '../machine/machine.js';
import { measureCeiling, ratioToCeiling } from './ceiling.js';
import { measureLatency, RATES, type LatencyRow } from './latency.js';
import { sustainedRate, type Sustained } from '../load/find-sustained.js';

/** Rate with percentiles reported separately. */
const CALM = { rate: 50, seconds: 15 };

interface E2eReport {
  /**
   * 0 if even the lowest rate of the search was not sustained; dependent values are null in this
   * case.
   */
  readonly withdrawals_per_second: number;
  /**
   * Best rate of this PostgreSQL and this Kafka for the same rows and messages in the same run, and
   * the reached share of the ceiling.
   */
  readonly ceiling_per_second: number;
  readonly ratio_to_ceiling: number | null;
  readonly post_p50_ms: number;
  readonly post_p95_ms: number;
  readonly post_p99_ms: number;
  readonly captured_p50_ms: number;
  readonly captured_p95_ms: number;
  readonly captured_p99_ms: number;
  /**
   * CPU time at the sustained rate, including the client: the client shares the machine. `latency`
   * excludes the client.
   */
  readonly cpu_ms_per_withdrawal: number | null;
  readonly cpu_ms_by_process: Readonly<Record<string, number>>;
  readonly peak_rss_mb_by_process: Readonly<Record<string, number>>;
  readonly latency: readonly LatencyRow[];
  /**
   * Cores used by other processes than the system and the client, during the measurement of the
   * sustained rate.
   */
  readonly others_cores: number | null;
}

/**
 * Measures the whole system under an open loop of signed requests, on a separate data folder. Ends
 * after a few minutes.
 */
export async function benchE2e(options: BenchOptions): Promise<E2eReport> {
  const { say, seconds, rates = RATES } = options;
  return withBenchSystem(options, async (system, load) => {
    const calm = await load.run(CALM.rate, seconds ?? CALM.seconds);
    const meter = () => startMeter(() => system.run.processes);
    const run = (rate: number, forSeconds: number) => load.run(rate, forSeconds);
    const latency = await measureLatency({ rates, seconds, run, meter, say });
    const sustained = await sustainedRate({ run, meter, seconds, startRate: options.rate, say });
    const peaks = peaksOf(system);
    await stopAllBut(system, ['postgres', 'kafka']);
    const spent = meter();
    const ceiling = await measureCeiling(system, seconds);
    warn('the ceiling', spent(), say);
    return {
      ...reportOf(sustained, calm, ceiling),
      latency,
      peak_rss_mb_by_process: peaks,
    };
  });
}

function reportOf(
  { best, spent }: Sustained,
  calm: LoadResult,
  ceiling: number,
): Omit<E2eReport, 'latency' | 'peak_rss_mb_by_process'> {
  const cpuMs: Readonly<Record<string, number>> = spent
    ? { ...spent.cpuMs, generator: spent.generatorMs }
    : {};
  const each = (ms: number): number => Number((ms / (best?.captured ?? 0)).toFixed(3));
  const total = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
  return {
    withdrawals_per_second: Math.round(best?.perSecond ?? 0),
    ceiling_per_second: Math.round(ceiling),
    ratio_to_ceiling: ratioToCeiling(best?.perSecond ?? 0, ceiling),
    post_p50_ms: rounded(calm.post.p50),
    post_p95_ms: rounded(calm.post.p95),
    post_p99_ms: rounded(calm.post.p99),
    captured_p50_ms: rounded(calm.captureMs.p50),
    captured_p95_ms: rounded(calm.captureMs.p95),
    captured_p99_ms: rounded(calm.captureMs.p99),
    cpu_ms_per_withdrawal: best && each(total),
    cpu_ms_by_process: Object.fromEntries(
      Object.entries(cpuMs).map(([name, ms]) => [name, each(ms)]),
    ),
    others_cores: spent && spent.othersCores,
  };
}

function peaksOf({ run }: System): Record<string, number> {
  const usage = usageOf({ ...run.processes, generator: process.pid });
  return Object.fromEntries(
    Object.entries(usage).map(([name, { peakRssMb }]) => [name, peakRssMb]),
  );
}

function rounded(ms: number): number {
  return Number(ms.toFixed(1));
}
