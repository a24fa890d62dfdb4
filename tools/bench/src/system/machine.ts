import { readFileSync } from 'node:fs';
import { cpuMsOf } from './process-usage.js';

/** The kernel counts CPU time in ticks of 10 ms. */
const MS_PER_TICK = 10;
/**
 * Limit for other processes, as a share of all cores. Above the limit, a measurement describes
 * other processes more than ours.
 */
const QUIET_SHARE = 0.05;

/** CPU time of all processors at a moment, in milliseconds since the machine's start. */
interface Processors {
  readonly cores: number;
  readonly busyMs: number;
}

/** CPU time spent in a period. */
export interface Spent {
  readonly wallMs: number;
  readonly cores: number;
  /** CPU time by process, without the load generator. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly generatorMs: number;
  /**
   * Number of cores used by other processes than the system and the benchmark; stolen time counts
   * as other use.
   */
  readonly othersCores: number;
}

/** Label for the CPU used by the benchmark client, a load absent in production. */
const GENERATOR = 'generator';

/**
 * Starts counting the CPU time of the processes. Each call of the returned function returns the CPU
 * time since the beginning. A process started later counts from the process's start.
 */
export function startMeter(pids: () => Readonly<Record<string, number>>): () => Spent {
  const look = () => ({
    at: performance.now(),
    cpuMs: cpuMsOf({ ...pids(), [GENERATOR]: process.pid }),
    processors: readProcessors(),
  });
  const before = look();
  return () => {
    const after = look();
    const cpuMs = difference(before.cpuMs, after.cpuMs);
    const { [GENERATOR]: generatorMs = 0, ...counted } = cpuMs;
    const wallMs = after.at - before.at;
    const busyMs = after.processors.busyMs - before.processors.busyMs;
    return {
      wallMs,
      cores: after.processors.cores,
      cpuMs: counted,
      generatorMs,
      othersCores: othersCores(busyMs, totalOf(counted) + generatorMs, wallMs),
    };
  };
}

/**
 * Mean number of cores used by other processes. The two clocks tick apart: the result is never
 * below zero.
 */
export function othersCores(busyMs: number, oursMs: number, wallMs: number): number {
  return Math.max(0, Number(((busyMs - oursMs) / wallMs).toFixed(2)));
}

/** Returns true if other processes left the machine to the measured processes. */
export function isQuiet({ cores, othersCores: others }: Pick<Spent, 'cores' | 'othersCores'>) {
  return others <= cores * QUIET_SHARE;
}

/** Warning line if the machine was not quiet; null otherwise. */
export function warningOf(what: string, spent: Pick<Spent, 'cores' | 'othersCores'>) {
  if (isQuiet(spent)) return null;
  return `WARNING: other processes used ${spent.othersCores} of ${spent.cores} cores during ${what}: its absolute figures are unreliable`;
}

/** Percent of all cores of the machine. */
export function cpuPercentOf({ cpuMs, wallMs, cores }: Spent): number {
  return Number(((100 * totalOf(cpuMs)) / (wallMs * cores)).toFixed(1));
}

export function totalOf(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

/**
 * Parses /proc/stat. Interrupts do not count as busy: interrupts belong to no process, and most of
 * them serve the network of the measured processes.
 */
export function processorsOf(stat: string): Processors {
  const lines = stat.split('\n');
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = (lines[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return {
    cores: lines.filter((line) => /^cpu\d/.test(line)).length,
    busyMs: (user + nice + system + steal) * MS_PER_TICK,
  };
}

function readProcessors(): Processors {
  return processorsOf(readFileSync('/proc/stat', 'utf8'));
}

function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, Math.max(0, ms - (before[name] ?? 0))]),
  );
}
