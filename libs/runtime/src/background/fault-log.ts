import { monotonicMs } from '../clock/process-clock.js';
import type { Logger } from './logger.js';

const EVERY_MS = 60_000;
/** Bounds the memory if a foreign text makes each cause another. */
const MOST_CAUSES = 200;

interface Logged {
  readonly atMs: number;
  left: number;
}

/**
 * Logs a fault of repeated work once per cause and minute, or per cause and `everyMs`. The next line
 * of the same cause counts the lines left out (`leftOut`). For faults that a person must act on, the
 * given `warn` writes errors.
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
