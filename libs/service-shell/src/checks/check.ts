import { randomUUID } from 'node:crypto';
import { Gauge, register, type Registry } from 'prom-client';
import { auditReports, encode } from '@sluice/messages';
import type { Outbox } from '@sluice/postgres';
import { BackgroundLoop, type Logger, monotonicMs, processTime } from '@sluice/runtime';
import type { MessageKeys } from '@sluice/signing';
import { reportsToAuditor } from '../settings/reports-to-auditor.js';

/** A run begun in time may last this much longer than the two intervals. */
const LONGEST_RUN_MS = 60_000;

interface CheckSettings {
  /** Name in `/readyz` and in the metrics. */
  readonly name: string;
  /** Interval in which each process completes the check (ms). */
  readonly everyMs: number;
}

/**
 * Completions of a periodic check by this process: the database login could write any other. Missed
 * after two intervals, the first from the process's start.
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
   * An attempt without completion: a part was done, or another party gave no answer. The check is
   * old, not missed. The next may follow after `againInMs`.
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

const registered = new WeakMap<Registry, Map<string, Check>>();

/** Time of the last completion by the process clock, for people and metrics only. */
export function lastCompletedAt(check: Check): Date {
  return new Date(processTime().getTime() - check.ageMs());
}

/** Exposes the last completion and the interval of a check under /metrics. */
export function registerCheck(check: Check, registry: Registry = register): void {
  const checks = registered.get(registry) ?? gaugesIn(registry);
  checks.set(check.name, check);
}

function gaugesIn(registry: Registry): Map<string, Check> {
  const checks = new Map<string, Check>();
  registered.set(registry, checks);
  new Gauge({
    name: 'sluice_check_last_completed_timestamp_seconds',
    help: 'Time at which this process last completed a check, or at which its first interval began',
    labelNames: ['check'],
    registers: [registry],
    collect() {
      for (const [name, check] of checks)
        this.set({ check: name }, lastCompletedAt(check).getTime() / 1_000);
    },
  });
  new Gauge({
    name: 'sluice_check_interval_seconds',
    help: 'Interval in which this process completes a check',
    labelNames: ['check'],
    registers: [registry],
    collect() {
      for (const [name, { everyMs }] of checks) this.set({ check: name }, everyMs / 1_000);
    },
  });
  return checks;
}

const EVERY_MS = 15_000;

interface Reporting extends Pick<Outbox, 'publishUnstored'> {
  readonly name: string;
  readonly health: { readonly periodic: readonly Check[] };
  readonly clock: { now(): Date };
  readonly messageKeys: Pick<MessageKeys, 'names'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Reports this process's checks to the auditor every 15 seconds, from memory: no login can change
 * them. The auditor judges a minute's silence. Null without a key shared with the auditor.
 */
export function startCheckReports(reporting: Reporting): BackgroundLoop | null {
  const { name, messageKeys, logger } = reporting;
  if (!reportsToAuditor(name, messageKeys)) return null;
  const instance = randomUUID();
  const loop = new BackgroundLoop('report of the checks', logger, async (signal) => {
    await orStopped(report(reporting, instance), signal);
    return EVERY_MS;
  });
  loop.start();
  return loop;
}

/** Resolves after the publication: while Kafka is away, a process holds a single report. */
function report(
  { name, health, clock, publishUnstored }: Reporting,
  instance: string,
): Promise<void> {
  const checks = health.periodic.map((check) => ({
    name: check.name,
    everyMs: Math.round(check.everyMs),
    waitedMs: Math.round(check.waitedMs()),
  }));
  const message = encode(auditReports(name), {
    id: randomUUID(),
    source: name,
    subject: name,
    time: clock.now().toISOString(),
    type: 'audit.checks-reported.v1',
    data: { service: name, instance, checks },
  });
  return publishUnstored([message]);
}

/** Resolves early when the loop stops. */
function orStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
