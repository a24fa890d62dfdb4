import type { HealthIndicatorResult } from '@nestjs/terminus';
import { monotonicMs } from '@sluice/runtime';
import { type Check, lastCompletedAt, registerCheck } from '../checks/check.js';

/** Returns the reasons why the service must not receive work. An empty result means ready. */
type Ask = () => Promise<readonly string[]> | readonly string[];

const TIMEOUT_MS = 2_000;
const CACHE_MS = 1_000;

/** Readiness checks, each once at a time and per second. */
export class Health {
  private readonly checks: ReadinessCheck[] = [];
  private readonly watched = new Map<string, Check>();
  private readonly endings: (() => void)[] = [];
  private isDraining = false;

  /**
   * Adds a check. `late`: the fault while it exceeds the time limit; it is not started again
   * meanwhile.
   */
  add(name: string, check: Ask, late = 'a readiness check did not answer in time'): void {
    this.checks.push(new ReadinessCheck(name, check, late));
  }

  /** Shows a periodic check in `/readyz` and metrics; a missed one makes the service unready. */
  watch(check: Check): Check {
    this.watched.set(check.name, check);
    registerCheck(check);
    return check;
  }

  get periodic(): readonly Check[] {
    return [...this.watched.values()];
  }

  /** Makes the service unready, independent of the checks, and ends its long answers. */
  drain(): void {
    this.isDraining = true;
    for (const end of this.endings) end();
  }

  /** `end` is called when the service begins to stop, before it waits for its running requests. */
  whenDraining(end: () => void): void {
    this.endings.push(end);
  }

  get draining(): boolean {
    return this.isDraining;
  }

  /** For Terminus: all checks, or only the shutdown. Terminus' own cache uses the process clock. */
  indicators(): (() => Promise<HealthIndicatorResult>)[] {
    if (this.isDraining) return [async () => indicator('shutdown', ['shutting down'])];
    const asked = this.checks.map(
      (check) => async () => indicator(check.name, await check.faults()),
    );
    return this.watched.size === 0 ? asked : [...asked, async () => this.completions()];
  }

  private completions(): HealthIndicatorResult {
    const checks = [...this.watched.values()];
    const faults = checks.flatMap((check) => check.fault() ?? []);
    const lastCompleted = checks.map((check) => [
      check.name,
      check.hasCompleted ? lastCompletedAt(check).toISOString() : null,
    ]);
    return indicator('checks', faults, { lastCompleted: Object.fromEntries(lastCompleted) });
  }
}

function indicator(
  name: string,
  faults: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): HealthIndicatorResult {
  return {
    [name]: faults.length === 0 ? { status: 'up', ...more } : { status: 'down', faults, ...more },
  };
}

class ReadinessCheck {
  private running: {
    readonly sinceMs: number;
    readonly faults: Promise<readonly string[]>;
  } | null = null;

  constructor(
    readonly name: string,
    private readonly ask: Ask,
    private readonly late: string,
  ) {}

  async faults(): Promise<readonly string[]> {
    this.running ??= this.start();
    const { sinceMs, faults } = this.running;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly string[]>((resolve) => {
      timer = setTimeout(
        () => resolve([this.late]),
        Math.max(sinceMs + TIMEOUT_MS - monotonicMs(), 0),
      );
    });
    return Promise.race([faults, late]).finally(() => clearTimeout(timer));
  }

  /** The result is cached briefly: requests within the cache time get the same result. */
  private start() {
    const faults = this.answer();
    void faults.then(() => setTimeout(() => (this.running = null), CACHE_MS).unref());
    return { sinceMs: monotonicMs(), faults };
  }

  private async answer(): Promise<readonly string[]> {
    try {
      return await this.ask();
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
