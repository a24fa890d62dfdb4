import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIRST_VENUE, layoutOf, type System } from '@sluice/stack';
import { describeLoad, type Load } from '../load/load.js';
import { isSustained } from '../load/find-sustained.js';
import { startMeter, totalOf, warn, type Spent } from '../machine/machine.js';
import { withBenchSystem, type BenchOptions } from '../system/bench-system.js';

const INSTANCES: readonly number[] = [1, 2, 4];
/** Withdrawals per second and instance: four instances must fit on a machine with two cores. */
const RATE = 25;
const [SECONDS, IDLE_S] = [30, 20];

/** Cost with a number of instances of each service. */
interface ScaleRow {
  readonly instances: number;
  /** Offered per second to all instances together. */
  readonly rate: number;
  /** False if the system fell behind: its figures describe a queue. */
  readonly reached: boolean;
  readonly post_p50_ms: number;
  readonly post_p99_ms: number;
  /** CPU of all services, servers and simulators per withdrawal, without the cost of the same time at rest. */
  readonly cpu_ms_per_withdrawal: number;
  /** The cost compared with one instance at the same rate per instance. */
  readonly cpu_ratio: number;
  readonly idle_cpu_ms_per_second: number;
  readonly others_cores: number;
}

interface ScaleReport {
  readonly rows: readonly ScaleRow[];
}

/**
 * Offers the same rates per instance to 1, 2 and 4 instances of each service, with the clients on
 * the same machine. Each number of instances has a new system.
 */
export async function benchScale(options: BenchOptions): Promise<ScaleReport> {
  const { home, say, rates = [RATE], seconds = SECONDS } = options;
  const ascending = rates.toSorted((a, b) => a - b);
  const measured: Omit<ScaleRow, 'cpu_ratio'>[] = [];
  for (const instances of INSTANCES) {
    say(`${instances} of each service`);
    const parts = { venues: [FIRST_VENUE] as const, instances };
    const own = { ...options, home: `${home}/${instances}`, seconds: undefined };
    const rows = await withBenchSystem(
      own,
      (system, load) => measure(system, load, { instances, rates: ascending, seconds, say }),
      parts,
    );
    measured.push(...rows);
  }
  return {
    rows: measured.map((row, at) => {
      const alone = measured[at % ascending.length]?.cpu_ms_per_withdrawal ?? NaN;
      return { ...row, cpu_ratio: rounded(row.cpu_ms_per_withdrawal / alone) };
    }),
  };
}

interface Measurement {
  readonly instances: number;
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly say: BenchOptions['say'];
}

async function measure(
  system: System,
  load: Load,
  { instances, rates, seconds, say }: Measurement,
): Promise<readonly Omit<ScaleRow, 'cpu_ratio'>[]> {
  const rested = meterOf(system);
  await sleep(IDLE_S * 1_000);
  const idle = perSecond(rested());
  const rows: Omit<ScaleRow, 'cpu_ratio'>[] = [];
  for (const each of rates) {
    const rate = each * instances;
    const worked = meterOf(system);
    const result = await load.run(rate, seconds);
    const spent = worked();
    say(describeLoad(result));
    warn(`${rate}/s with ${instances} instances`, spent, say);
    const ms = totalOf(spent.cpuMs) - (idle * spent.wallMs) / 1_000;
    rows.push({
      instances,
      rate,
      reached: isSustained(result),
      post_p50_ms: rounded(result.post.p50),
      post_p99_ms: rounded(result.post.p99),
      cpu_ms_per_withdrawal: rounded(ms / result.captured),
      idle_cpu_ms_per_second: rounded(idle),
      others_cores: spent.othersCores,
    });
  }
  return rows;
}

/** Meters every process of the system: `run.json` has only the first instance of each service. */
function meterOf({ home }: System): () => Spent {
  const pids = () =>
    Object.fromEntries(
      (JSON.parse(readFileSync(layoutOf(home).processes, 'utf8')) as { pid: number }[]).map(
        ({ pid }) => [`${pid}`, pid],
      ),
    );
  return startMeter(pids);
}

function perSecond({ cpuMs, wallMs }: Spent): number {
  return (totalOf(cpuMs) * 1_000) / wallMs;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
