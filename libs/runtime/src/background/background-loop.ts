import { causeOf, FaultLog } from './fault-log.js';
import type { Logger } from './logger.js';

/** Step of a loop. Returns the pause before the next step in milliseconds; 0 for none. */
type LoopStep = (signal: AbortSignal) => Promise<number>;

interface LoopOptions {
  /** Pause before the first step in milliseconds (default 0). */
  readonly firstRestMs?: number;
  /** Pause after a failed step in milliseconds (default 500). */
  readonly afterFaultMs?: number;
}

/**
 * Repeats a step until stopped; `wake` ends a pause early. A failed step (database or network
 * unavailable) is logged once per cause and minute, and repeated after a pause: a loop never dies
 * silently while the process lives. The loop does not keep a process alive.
 */
export class BackgroundLoop {
  private readonly stopping = new AbortController();
  private woken = false;
  private endRest: () => void = () => undefined;
  private running: Promise<void> | null = null;
  private readonly faults: FaultLog | null;

  /** `logger`: null if faults are visible elsewhere. */
  constructor(
    private readonly name: string,
    logger: Pick<Logger, 'warn'> | null,
    private readonly step: LoopStep,
    private readonly options: LoopOptions = {},
  ) {
    this.faults = logger && new FaultLog(logger);
  }

  /** Creates a loop with a pause before each step, also after a failed step. */
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
      this.faults?.warn(
        causeOf(error),
        { err: error, worker: this.name },
        'a step of a background worker failed and will be repeated',
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
