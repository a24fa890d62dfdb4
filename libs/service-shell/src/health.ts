import type { HealthIndicatorResult } from '@nestjs/terminus';
import { monotonicMs } from '@sluice/clock';

/** Something that can say why it must not get work now. An empty answer means ready. */
export type ReadinessCheck = () => Promise<readonly string[]> | readonly string[];

const TIMEOUT_MS = 2_000;
const CACHE_MS = 1_000;

/** Collects what every part of a service says about its readiness. However often it is asked, each check runs once at a time, and once a second. */
export class Health {
  private readonly checks: Check[] = [];
  private isDraining = false;

  /** `late` is the fault while the check takes too long; until it has answered it is not asked again. */
  add(
    name: string,
    check: ReadinessCheck,
    late = 'a readiness check did not answer in time',
  ): void {
    this.checks.push(new Check(name, check, late));
  }

  /** From now on the service is not ready, whatever the checks say. */
  drain(): void {
    this.isDraining = true;
  }

  get draining(): boolean {
    return this.isDraining;
  }

  /** One for each check, as Terminus runs them; while draining only that. Terminus' own cache reads the process's clock and asks a late check again. */
  indicators(): (() => Promise<HealthIndicatorResult>)[] {
    if (this.isDraining) return [async () => indicator('shutdown', ['shutting down'])];
    return this.checks.map((check) => async () => indicator(check.name, await check.faults()));
  }
}

function indicator(name: string, faults: readonly string[]): HealthIndicatorResult {
  return { [name]: faults.length === 0 ? { status: 'up' } : { status: 'down', faults } };
}

class Check {
  private running: {
    readonly sinceMs: number;
    readonly faults: Promise<readonly string[]>;
  } | null = null;

  constructor(
    readonly name: string,
    private readonly ask: ReadinessCheck,
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

  /** The answer is cached for a moment: whoever asks again meanwhile gets the same one. */
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
