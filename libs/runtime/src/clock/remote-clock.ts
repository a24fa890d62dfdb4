import { monotonicMs, processTime } from './process-clock.js';

export interface ClockReading {
  /** Time read, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Start of the reading by `monotonicMs`; `answeredAtMs` is the end. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** Resolution in milliseconds (default 1). A `Date` header is cut to whole seconds: 1,000. */
  readonly stepMs?: number;
}

/** Highest usual drift of two clocks: bounds of a reading widen by this rate. */
const DRIFT = 200e-6;

/**
 * Clock of another machine, estimated from readings by a monotonic clock. Agreeing readings narrow
 * the bounds; a contradicting one replaces them, and `observe` reports the jump.
 */
export class RemoteClock {
  private bounds: { readonly from: number; readonly to: number; readonly atMs: number } | null =
    null;

  constructor(
    private readonly monotonic: () => number = monotonicMs,
    private readonly processClock: () => Date = processTime,
  ) {}

  /** Jump of the clock against earlier readings in ms; 0 if they agree. */
  observe({ timeMs, askedAtMs, answeredAtMs, stepMs = 1 }: ClockReading): number {
    const reading = {
      from: timeMs - answeredAtMs,
      to: timeMs + stepMs - askedAtMs,
      atMs: answeredAtMs,
    };
    const known = this.aged(answeredAtMs);
    if (known === null) {
      this.bounds = reading;
      return 0;
    }
    const [from, to] = [Math.max(known.from, reading.from), Math.min(known.to, reading.to)];
    if (from <= to) {
      this.bounds = { from, to, atMs: answeredAtMs };
      return 0;
    }
    this.bounds = reading;
    return Math.round(reading.from > known.to ? reading.from - known.to : reading.to - known.from);
  }

  /** Returns the best estimate of the clock's present time; null before the first reading. */
  now(): Date | null {
    const bounds = this.aged(this.monotonic());
    return bounds && new Date(Math.round((bounds.from + bounds.to) / 2 + this.monotonic()));
  }

  /** Earliest and latest possible time now; null before the first reading. */
  range(): { readonly earliest: Date; readonly latest: Date } | null {
    const at = this.monotonic();
    const bounds = this.aged(at);
    return (
      bounds && {
        earliest: new Date(Math.floor(bounds.from + at)),
        latest: new Date(Math.ceil(bounds.to + at)),
      }
    );
  }

  /**
   * Least lead of this process's clock in ms (negative: behind); 0 within the bounds, null before a
   * reading.
   */
  processIsAheadMs(): number | null {
    const range = this.range();
    if (range === null) return null;
    const ours = this.processClock().getTime();
    if (ours > range.latest.getTime()) return ours - range.latest.getTime();
    return Math.min(0, ours - range.earliest.getTime());
  }

  /** The bounds as they have widened until `atMs`. */
  private aged(atMs: number) {
    if (this.bounds === null) return null;
    const drift = Math.max(0, atMs - this.bounds.atMs) * DRIFT;
    return { from: this.bounds.from - drift, to: this.bounds.to + drift };
  }
}
