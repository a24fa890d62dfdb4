import { monotonicMs } from '../clock/process-clock.js';

/** Step of a loop. Returns the pause before the next step in milliseconds; 0 for none. */
type LoopStep = (signal: AbortSignal) => Promise<number>;

interface LoopOptions {
  /** Pause before the first step in milliseconds (default 0). */
  readonly firstRestMs?: number;
  /** Pause after a failed step in milliseconds (default 500). */
  readonly afterFaultMs?: number;
}

/**
 * Repeats a step until stopped; `wake` ends a pause early. A failed step is logged and repeated
 * after a pause: a loop never dies silently, and keeps no process alive.
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

const EVERY_MS = 60_000;
/** Bounds the memory if a foreign text makes each cause another. */
const MOST_CAUSES = 200;

interface Logged {
  readonly atMs: number;
  left: number;
}

/**
 * Logs a fault once per cause and `everyMs` (default: a minute), and counts the lines left out
 * (`leftOut`).
 */
export class FaultLog {
  private readonly logged = new Map<string, Logged>();

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = monotonicMs,
    private readonly everyMs = EVERY_MS,
  ) {}

  /** `cause`: the same text for the same fault; figures that change with each repetition do not belong here. */
  warn(cause: string, fields: object, text: string): void {
    const leftOut = this.leftOutSince(cause);
    if (leftOut === null) return;
    this.logger.warn(leftOut === 0 ? fields : { ...fields, leftOut }, text);
  }

  /** True if the cause may be logged now, by a caller with a line of another level. */
  isDue(cause: string): boolean {
    return this.leftOutSince(cause) !== null;
  }

  /** Returns the number of lines left out since the last line of this cause; null within the minute. */
  private leftOutSince(cause: string): number | null {
    const atMs = this.now();
    const last = this.logged.get(cause);
    if (last && atMs - last.atMs < this.everyMs) {
      last.left++;
      return null;
    }
    this.logged.delete(cause); // the map stays in the order of the lines
    this.logged.set(cause, { atMs, left: 0 });
    const [oldest] = this.logged.keys();
    if (this.logged.size > MOST_CAUSES && oldest !== undefined) this.logged.delete(oldest);
    return last?.left ?? 0;
  }
}

/** Cause of an error for `FaultLog`: block numbers, ids and times in the text do not make another cause. */
export function causeOf(error: unknown): string {
  return String(error)
    .slice(0, 500)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '#')
    .replace(/\w{4,}/g, (word) => (/\d/.test(word) ? '#' : word));
}

/**
 * Limits how long a lock or lease keeps this process from work, because any session of the login
 * can hold it. After `limitMs` of refusals by the monotonic clock the work runs once without, and
 * must be harmless twice at once.
 */
export class Patience {
  private refusedSince: number | null = null;

  constructor(
    private readonly limitMs: number,
    private readonly now: () => number = monotonicMs,
  ) {}

  /** `take`: false if another instance has the lock; a failed or blocked call is a refusal. */
  async permits(take: () => Promise<boolean>): Promise<boolean> {
    this.refusedSince ??= this.now();
    if (this.now() - this.refusedSince <= this.limitMs && !(await take())) return false;
    this.refusedSince = null;
    return true;
  }
}

export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
