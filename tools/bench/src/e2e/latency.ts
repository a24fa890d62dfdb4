import { setTimeout as sleep } from 'node:timers/promises';
import { isSustained } from '../load/find-sustained.js';
import type { LoadResult } from '../load/load.js';
import { cpuPercentOf, totalOf, warn, type Spent } from '../machine/machine.js';

/**
 * Withdrawals offered per second, from none to more than some machines reach. Ascending: no rate
 * waits for the queue of an earlier rate.
 */
export const RATES: readonly number[] = [0, 5, 20, 50, 100, 300, 500];
/**
 * Duration limits in seconds, and the sample size for a 99th percentile based on more than a single
 * withdrawal.
 */
const [SHORTEST_S, LONGEST_S, SAMPLE] = [15, 40, 300];

/** Latency and cost of an offered rate. Milliseconds; null if no withdrawal was offered. */
export interface LatencyRow {
  /** Offered per second, on a clock: arrivals wait for no answer. */
  readonly rate: number;
  /**
   * Captured per second, including the drain: always slightly below `rate`, because the last
   * withdrawals take time.
   */
  readonly reached_per_second: number;
  /**
   * True if all withdrawals were captured and the system caught up soon after the last arrival. If
   * false, the percentiles describe a queue.
   */
  readonly reached: boolean;
  readonly post_p50_ms: number | null;
  readonly post_p99_ms: number | null;
  readonly captured_p99_ms: number | null;
  /**
   * CPU time without the client: our services, the simulated venues, PostgreSQL and Kafka,
   * including idle cost.
   */
  readonly cpu_ms_per_withdrawal: number | null;
  readonly cpu_ms_by_process: Readonly<Record<string, number>> | null;
  /** The same processes, in percent of all cores. */
  readonly cpu_percent: number;
  /** Cores used by other processes than the system and the client. */
  readonly others_cores: number;
}

interface LatencyMeasurement {
  readonly rates: readonly number[];
  /** Duration of each rate (default: chosen by rate). */
  readonly seconds: number | undefined;
  run(rate: number, seconds: number): Promise<LoadResult>;
  /** Starts a meter, like `startMeter`. */
  meter(): () => Spent;
  say(line: string): void;
}

/**
 * Offers the rates one after the other, each for some seconds. A missed rate is reported in the row
 * and printed.
 */
export async function measureLatency(measurement: LatencyMeasurement): Promise<LatencyRow[]> {
  const { rates, run, meter, say } = measurement;
  const rows: LatencyRow[] = [];
  for (const rate of rates.toSorted((a, b) => a - b)) {
    const seconds = measurement.seconds ?? secondsFor(rate);
    const spent = meter();
    const result = rate === 0 ? await nothing(seconds) : await run(rate, seconds);
    const cost = spent();
    const row = rowOf(rate, result, cost);
    rows.push(row);
    say(describeRow(row));
    warn(`${rate}/s`, cost, say);
  }
  return rows;
}

export function secondsFor(rate: number): number {
  return rate === 0 ? SHORTEST_S : Math.min(LONGEST_S, Math.max(SHORTEST_S, SAMPLE / rate));
}

/** Builds the row of a rate; `result` is null if no withdrawal was offered. */
export function rowOf(rate: number, result: LoadResult | null, cost: Spent): LatencyRow {
  const each = (ms: number): number => Number((ms / (result?.captured ?? 0)).toFixed(2));
  const captured = result !== null && result.captured > 0;
  return {
    rate,
    reached_per_second: Number((result?.perSecond ?? 0).toFixed(1)),
    reached: result === null || isSustained(result),
    post_p50_ms: result && rounded(result.post.p50),
    post_p99_ms: result && rounded(result.post.p99),
    captured_p99_ms: captured ? rounded(result.captureMs.p99) : null,
    cpu_ms_per_withdrawal: captured ? each(totalOf(cost.cpuMs)) : null,
    cpu_ms_by_process: captured
      ? Object.fromEntries(Object.entries(cost.cpuMs).map(([name, ms]) => [name, each(ms)]))
      : null,
    cpu_percent: cpuPercentOf(cost),
    others_cores: cost.othersCores,
  };
}

function describeRow(row: LatencyRow): string {
  const { rate, reached, reached_per_second, cpu_percent, others_cores } = row;
  const machine = `CPU ${cpu_percent} % of all cores, other processes used ${others_cores} cores`;
  if (rate === 0) return `idle · ${machine}`;
  const missed = reached ? '' : `, NOT REACHED: ${reached_per_second}/s captured`;
  return (
    `${rate}/s offered${missed} · POST p50 ${row.post_p50_ms} p99 ${row.post_p99_ms} ms · ` +
    `captured p99 ${row.captured_p99_ms} ms · CPU ${row.cpu_ms_per_withdrawal} ms each · ${machine}`
  );
}

async function nothing(seconds: number): Promise<null> {
  await sleep(seconds * 1000);
  return null;
}

function rounded(ms: number): number {
  return Number(ms.toFixed(1));
}
