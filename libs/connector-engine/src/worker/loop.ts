/** The part of pino that this library uses. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** One step of a worker; answers how long to rest before the next, 0 for at once. */
export type Step = (signal: AbortSignal) => Promise<number>;

const AFTER_FAULT_MS = 500;

/**
 * Runs a step again and again until it is stopped; `wake` ends a rest early. A step that throws (database or network away)
 * is logged and done again after a pause: a worker never dies silently while its process lives.
 */
export class Loop {
  private readonly stopping = new AbortController();
  private woken = false;
  private endRest: () => void = () => undefined;
  private running: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly logger: Logger,
    private readonly step: Step,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.endRest();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.endRest();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      const restMs = await this.attempt();
      if (restMs > 0 && !this.woken) await this.rest(restMs);
    }
  }

  private async attempt(): Promise<number> {
    try {
      return await this.step(this.stopping.signal);
    } catch (error) {
      if (this.stopping.signal.aborted) return 0;
      this.logger.warn(
        { err: error, worker: this.name },
        'a worker step failed and will be repeated',
      );
      return AFTER_FAULT_MS;
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
