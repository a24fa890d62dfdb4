import type { Logger } from './logger.js';

/** One step of a loop; answers how long to rest before the next, 0 for at once. */
export type Step = (signal: AbortSignal) => Promise<number>;

export interface LoopOptions {
  /** How long to rest before the first step; 0 where nothing is said. */
  readonly firstRestMs?: number;
  /** How long to rest after a step that threw. */
  readonly afterFaultMs?: number;
}

/**
 * Runs a step again and again until it is stopped; `wake` ends a rest early. A step that throws (database or network away)
 * is logged and done again after a rest: a loop never dies silently while its process lives. It does not keep a process alive.
 */
export class BackgroundLoop {
  private readonly stopping = new AbortController();
  private woken = false;
  private endRest: () => void = () => undefined;
  private running: Promise<void> | null = null;

  /** No logger: its faults show elsewhere. */
  constructor(
    private readonly name: string,
    private readonly logger: Pick<Logger, 'warn'> | null,
    private readonly step: Step,
    private readonly options: LoopOptions = {},
  ) {}

  /** A loop that rests before each piece of work, also after one that threw. */
  static every(
    restMs: number,
    name: string,
    logger: Pick<Logger, 'warn'> | null,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): BackgroundLoop {
    return new BackgroundLoop(name, logger, (signal) => work(signal).then(() => restMs), {
      firstRestMs: restMs,
      afterFaultMs: restMs,
    });
  }

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.endRest();
  }

  /** Waits for the step in progress. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endRest();
    await this.running;
  }

  private async run(): Promise<void> {
    let restMs = this.options.firstRestMs ?? 0;
    for (;;) {
      if (restMs > 0 && !this.woken) await this.rest(restMs);
      if (this.stopping.signal.aborted) return;
      this.woken = false;
      restMs = await this.attempt();
    }
  }

  private async attempt(): Promise<number> {
    try {
      return await this.step(this.stopping.signal);
    } catch (error) {
      if (this.stopping.signal.aborted) return 0;
      this.logger?.warn(
        { err: error, worker: this.name },
        'a worker step failed and will be repeated',
      );
      return this.options.afterFaultMs ?? 500;
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
