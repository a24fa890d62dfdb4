import { monotonicMs } from '@sluice/runtime';

/** A run begun in time may last this much longer than the two intervals. */
const LONGEST_RUN_MS = 60_000;

interface CheckSettings {
  /** Name in `/readyz` and in the metrics. */
  readonly name: string;
  /** Interval in which each process completes the check (ms). */
  readonly everyMs: number;
}

/**
 * Completions of a periodic check by this process. Neither the database nor another instance can
 * report a completion: the database login could write it. After two intervals without completion
 * the check counts as missed. The first interval begins at the start of the process.
 */
export class Check {
  readonly name: string;
  readonly everyMs: number;
  private readonly startedAt: number;
  private completedAt: number | null = null;
  /** Monotonic time from which the two intervals count. */
  private countedFrom: number;
  private runningSince: number | null = null;

  constructor(
    { name, everyMs }: CheckSettings,
    private readonly now: () => number = monotonicMs,
  ) {
    this.name = name;
    this.everyMs = everyMs;
    this.startedAt = now();
    this.countedFrom = this.startedAt;
  }

  /** Marks the time of a run. A run begun in time is not missed while it lasts. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.runningSince = this.now();
    try {
      return await work();
    } finally {
      this.runningSince = null;
    }
  }

  completed(): void {
    this.completedAt = this.now();
    this.countedFrom = this.completedAt;
  }

  /**
   * Records an attempt without completion: a part of a long check was done, or a venue, a node or
   * another service gave no answer. The check is old, but not missed. The next attempt may follow
   * after `againInMs`.
   */
  attempted(againInMs = 0): void {
    this.countedFrom = Math.max(this.countedFrom, this.now() + againInMs);
  }

  /** Milliseconds since the last completion, or since the start of the process. */
  ageMs(): number {
    return this.now() - (this.completedAt ?? this.startedAt);
  }

  get hasCompleted(): boolean {
    return this.completedAt !== null;
  }

  /** Milliseconds of missed or current intervals, without the permitted time of a run begun in time. */
  waitedMs(): number {
    const now = this.now();
    const waited = Math.max(now - this.countedFrom, 0);
    const isRunning =
      this.runningSince !== null && this.runningSince <= this.countedFrom + 2 * this.everyMs;
    return isRunning ? Math.max(waited - LONGEST_RUN_MS, 0) : waited;
  }

  /** Returns a sentence for a missed check; null otherwise. */
  fault(): string | null {
    const dueAt = this.countedFrom + 2 * this.everyMs;
    const now = this.now();
    if (now <= dueAt) return null;
    const isRunning = this.runningSince !== null && this.runningSince <= dueAt;
    if (isRunning && now <= dueAt + LONGEST_RUN_MS) return null;
    const last = this.hasCompleted ? 'since its last completion' : 'since the start';
    return `the check "${this.name}" has not completed for ${seconds(this.ageMs())} s ${last}, and its interval is ${seconds(this.everyMs)} s: read the warnings of this process, then search its database for sessions with locks`;
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
