import { readFileSync } from 'node:fs';
import { cpuMsOf } from './process-usage.js';

/** The kernel counts the time of its processors in ticks of 10 ms. */
const MS_PER_TICK = 10;
/** Above this share of all cores, what is measured says more about the others than about us. */
const QUIET_SHARE = 0.05;

/** The processors of the machine at one moment, in milliseconds since it was started, all of them together. */
export interface Processors {
  readonly cores: number;
  readonly busyMs: number;
}

/** What a stretch of time took of the processors. */
export interface Spent {
  readonly wallMs: number;
  readonly cores: number;
  /** By process, without the generator of the load. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly generatorMs: number;
  /** How many of the cores were busy with what is neither the system nor the bench; stolen time counts as others'. */
  readonly othersCores: number;
}

/** The name under which the bench itself is counted: its load takes part of the machine, and nobody who runs the system has it. */
const GENERATOR = 'generator';

/** Begins to count for these processes; each call of what it answers tells what was spent since the beginning. A process that was started later counts from its start. */
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

/** Mean number of cores that were busy with what is not ours. The two clocks tick apart, so it never is below zero. */
export function othersCores(busyMs: number, oursMs: number, wallMs: number): number {
  return Math.max(0, Number(((busyMs - oursMs) / wallMs).toFixed(2)));
}

/** Whether others left the machine to what was measured. */
export function isQuiet({ cores, othersCores: others }: Pick<Spent, 'cores' | 'othersCores'>) {
  return others <= cores * QUIET_SHARE;
}

/** A line that says so when it was not quiet; null otherwise. */
export function warningOf(what: string, spent: Pick<Spent, 'cores' | 'othersCores'>) {
  if (isQuiet(spent)) return null;
  return `WARNING: others took ${spent.othersCores} of ${spent.cores} cores during ${what}: its absolute figures say little`;
}

/** Percent of all cores of the machine. */
export function cpuPercentOf({ cpuMs, wallMs, cores }: Spent): number {
  return Number(((100 * totalOf(cpuMs)) / (wallMs * cores)).toFixed(1));
}

export function totalOf(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

/** What /proc/stat says. Interrupts are left out of what is busy: they are nobody's, and most of them are the network of what is measured. */
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
