import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms. */
const MS_PER_TICK = 10;

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
export function cpuMsOf(pids: Readonly<Record<string, number>>): Record<string, number> {
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
