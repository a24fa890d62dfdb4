import { readFileSync, readdirSync } from 'node:fs';

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

/** Says if the machine was not quiet. */
export function warn(
  what: string,
  spent: Pick<Spent, 'cores' | 'othersCores'>,
  say: (line: string) => void,
): void {
  if (!isQuiet(spent))
    say(
      `WARNING: other processes used ${spent.othersCores} of ${spent.cores} cores during ${what}: its absolute figures are unreliable`,
    );
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

/** CPU time since the start and largest resident memory of a process and all descendants. */
interface Usage {
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process and of ended children. */
  readonly ticks: number;
}

/** Reads /proc once for all the given processes. Children count for their parent (PostgreSQL's backends), unless they are listed themselves. */
export function usageOf(pids: Readonly<Record<string, number>>): Record<string, Usage> {
  return mapValues(familiesOf(pids), (family) => ({
    cpuMs: cpuMsOfFamily(family),
    peakRssMb: peakOf(family),
  }));
}

/** The CPU time alone, in milliseconds since the start of each: memory of many backends takes long to read. */
function cpuMsOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return mapValues(familiesOf(pids), cpuMsOfFamily);
}

/**
 * Current resident memory of each process with children, in MB; memory shared by backends counts
 * once.
 */
export function memoryMbOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return mapValues(familiesOf(pids), (family) => Math.round(proportionalKb(family) / 1024));
}

function familiesOf(pids: Readonly<Record<string, number>>): Record<string, readonly Stat[]> {
  const stats = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : [],
  );
  const listed = new Set(Object.values(pids));
  return mapValues(pids, (pid) => descendants(pid, stats, listed));
}

function cpuMsOfFamily(family: readonly Stat[]): number {
  return family.reduce((sum, stat) => sum + stat.ticks, 0) * MS_PER_TICK;
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** Current resident memory of a process; 0 if the process does not exist. */
export function residentMb(pid: number): number {
  return Math.round(field(pid, 'status', 'VmRSS') / 1024);
}

function descendants(root: number, stats: readonly Stat[], listed: ReadonlySet<number>): Stat[] {
  const family = new Set([root]);
  for (const pid of family)
    for (const stat of stats)
      if (stat.parent === pid && !listed.has(stat.pid)) family.add(stat.pid);
  return stats.filter((stat) => family.has(stat.pid));
}

/** Shared memory is counted once, not once for each backend: proportional set size. Peak is approximated by the larger of now and the largest single one. */
function peakOf(family: readonly Stat[]): number {
  const largest = Math.max(...family.map(({ pid }) => field(pid, 'status', 'VmHWM')));
  return Math.round(Math.max(proportionalKb(family), largest) / 1024);
}

function proportionalKb(family: readonly Stat[]): number {
  return family.reduce((sum, { pid }) => sum + field(pid, 'smaps_rollup', 'Pss'), 0);
}

function field(pid: number, file: string, name: string): number {
  const text = read(`/proc/${pid}/${file}`) ?? '';
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

function statOf(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0] = [
    fields[1],
    fields[11],
    fields[12],
    fields[13],
    fields[14],
  ];
  return { pid, parent, ticks: utime + stime + cutime + cstime };
}

/** A process may end between two measurements. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
