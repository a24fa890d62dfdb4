import { pause, type System } from '@sluice/stack';
import { withBenchSystem, type BenchOptions } from '../system/bench-system.js';
import { sustainedRate } from '../load/find-sustained.js';
import type { Load, Observed } from '../load/load.js';
import { memoryMbOf, startMeter, totalOf, warn, type Spent } from '../machine/machine.js';
import { staysSmall, TableWatch, type TableSizes } from './table-sizes.js';
import {
  completenessVerdict,
  driftOf,
  driftVerdict,
  megabytes,
  memoryVerdict,
  tableVerdict,
  type Drift,
  type Verdict,
} from './verdicts.js';

const MINUTES = 10;
/** Share of the sustained rate: the permanent load of a well-sized system. */
const SHARE = 0.7;
const SAMPLES = 60;
/**
 * Duration of each attempt to find the sustained rate: a rate bearable for twelve seconds is not
 * bearable for ten minutes.
 */
const ATTEMPT_SECONDS = 60;
/** The simulator keeps all payments, like a venue: no verdict on the simulator's memory. */
const VENUE = 'venue-simulator';
const [SHORTEST_MS, SAY_EVERY] = [250, 6];

/** Measurements at a moment of the run. */
interface Look {
  readonly second: number;
  readonly memory_mb: Readonly<Record<string, number>>;
  readonly tables: TableSizes;
}

interface SoakReport {
  /** Offered per second. */
  readonly rate: number;
  readonly minutes: number;
  /** Sustained rate measured before; `rate` is a share of this rate. Null if `rate` was given. */
  readonly sustained_per_second: number | null;
  readonly offered: number;
  readonly captured: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly post: Drift;
  readonly request_to_captured: Drift;
  /** CPU time without the client. */
  readonly cpu_ms_per_withdrawal: number;
  readonly others_cores: number;
  readonly verdicts: readonly Verdict[];
  /** Resident memory by process, sixty times over the run. */
  readonly memory_over_time: readonly Omit<Look, 'tables'>[];
  /**
   * Size in megabytes at the beginning, at the maximum and at the end. Tables growing by design:
   * bytes added per withdrawal.
   */
  readonly tables: Readonly<Record<string, TableReport>>;
}

interface TableReport {
  readonly first_mb: number;
  readonly most_mb: number;
  readonly last_mb: number;
  readonly bytes_per_withdrawal?: number;
}

/**
 * Runs the whole system for minutes at a comfortably sustained rate. Checks for flat memory, stable
 * latency and bounded tables.
 */
export async function benchSoak(options: BenchOptions): Promise<SoakReport> {
  const { say, seconds = ATTEMPT_SECONDS, minutes = MINUTES } = options;
  return withBenchSystem(options, async (system, load) => {
    const meter = () => startMeter(() => system.run.processes);
    const run = (rate: number, forSeconds: number) => load.run(rate, forSeconds);
    const best =
      options.rate === undefined
        ? (await sustainedRate({ run, meter, seconds, say })).best
        : undefined;
    if (best === null) throw new Error('no rate was sustained; --rate N names one');
    const rate = options.rate ?? Math.floor((best?.perSecond ?? 0) * SHARE);
    say(`${rate}/s for ${minutes} minutes`);
    const spent = meter();
    const { result, looks } = await watched(system, load, { rate, minutes, say });
    const cost = spent();
    warn('the soak', cost, say);
    const report = reportOf(result, looks, cost, minutes);
    for (const { what, says } of report.verdicts) say(`${what}: ${says}`);
    const sustained = best === undefined ? null : Math.round(best.perSecond);
    return { rate, minutes, sustained_per_second: sustained, ...report };
  });
}

interface Plan {
  readonly rate: number;
  readonly minutes: number;
  readonly say: BenchOptions['say'];
}

async function watched(
  system: System,
  load: Load,
  { rate, minutes, say }: Plan,
): Promise<{ result: Observed; looks: readonly Look[] }> {
  const tables = await TableWatch.open(system);
  const ended = new AbortController();
  const since = performance.now();
  const everyMs = Math.max(SHORTEST_MS, (minutes * 60_000) / SAMPLES);
  const looks: Look[] = [];
  const looking = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const second = Math.round((performance.now() - since) / 1_000);
      const memory_mb = memoryMbOf(system.run.processes);
      looks.push({ second, memory_mb, tables: await tables.sizes() });
      if (looks.length % SAY_EVERY === 0)
        say(`  ${second} s · memory of all ${totalOf(memory_mb)} MB`);
      await pause(everyMs, ended.signal);
    }
  };
  try {
    const running = load.run(rate, minutes * 60).finally(() => ended.abort());
    const [result] = await Promise.all([running, looking()]);
    return { result, looks };
  } finally {
    await tables.close();
  }
}

function reportOf(result: Observed, looks: readonly Look[], cost: Spent, minutes: number) {
  const { offered, captured, refused } = result;
  const post = driftOf(result.posts, minutes * 60_000);
  const requestToCaptured = driftOf(result.captures, minutes * 60_000);
  const ours = Object.keys(looks[0]?.memory_mb ?? {}).filter((name) => name !== VENUE);
  const sizesOf = (table: string): number[] => looks.map(({ tables }) => tables[table] ?? 0);
  const names = Object.keys(looks.at(-1)?.tables ?? {}).toSorted();
  return {
    offered,
    captured,
    refused,
    post,
    request_to_captured: requestToCaptured,
    cpu_ms_per_withdrawal: Number((totalOf(cost.cpuMs) / captured).toFixed(2)),
    others_cores: cost.othersCores,
    verdicts: [
      completenessVerdict(offered, captured),
      driftVerdict('POST', post),
      driftVerdict('request to captured', requestToCaptured),
      ...ours.map((name) =>
        memoryVerdict(
          name,
          looks.map(({ memory_mb }) => memory_mb[name] ?? 0),
        ),
      ),
      ...names.filter(staysSmall).map((table) => tableVerdict(table, sizesOf(table))),
    ],
    memory_over_time: looks.map(({ second, memory_mb }) => ({ second, memory_mb })),
    tables: Object.fromEntries(
      names.map((table) => [table, tableReport(table, sizesOf(table), captured)]),
    ),
  };
}

function tableReport(table: string, bytes: readonly number[], captured: number): TableReport {
  const [first, last] = [bytes[0] ?? 0, bytes.at(-1) ?? 0];
  return {
    first_mb: megabytes(first),
    most_mb: megabytes(Math.max(...bytes)),
    last_mb: megabytes(last),
    ...(!staysSmall(table) && { bytes_per_withdrawal: Math.round((last - first) / captured) }),
  };
}
