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
  add(check: ReadinessCheck, late = 'a readiness check did not answer in time'): void {
    this.checks.push(new Check(check, late));
  }

  /** From now on the service is not ready, whatever the checks say. */
  drain(): void {
    this.isDraining = true;
  }

  get draining(): boolean {
    return this.isDraining;
  }

  async faults(): Promise<string[]> {
    if (this.isDraining) return ['shutting down'];
    const answers = await Promise.all(this.checks.map((check) => check.faults()));
    return answers.flat();
  }
}

class Check {
  private running: {
    readonly sinceMs: number;
    readonly faults: Promise<readonly string[]>;
  } | null = null;

  constructor(
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
