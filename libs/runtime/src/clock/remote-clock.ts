import { monotonicMs, processTime } from './process-clock.js';

/** Reading of another machine's clock. */
export interface ClockReading {
  /** Time read, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Start of the reading by `monotonicMs`; `answeredAtMs` is the end. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** Resolution in milliseconds (default 1). A `Date` header is cut to whole seconds: 1,000. */
  readonly stepMs?: number;
}

/**
 * Highest usual drift of two clocks, per elapsed time. The bounds of a reading widen with age by
 * this rate.
 */
const DRIFT = 200e-6;

/**
 * Clock of another machine (the database, a venue), estimated from readings and a monotonic clock.
 * Each reading bounds the difference of the two clocks from both sides, and agreeing readings
 * narrow the bounds. A contradicting reading replaces the earlier readings, because the reading is
 * newer. `observe` reports the contradiction as a jump.
 */
export class RemoteClock {
  private bounds: { readonly from: number; readonly to: number; readonly atMs: number } | null =
    null;

  constructor(
    private readonly monotonic: () => number = monotonicMs,
    private readonly processClock: () => Date = processTime,
  ) {}

  /**
   * Adds a reading. Returns the clock's jump against the earlier readings in ms; 0 if the readings
   * agree.
   */
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

  /**
   * Returns the earliest and the latest possible time of the clock now; null before the first
   * reading.
   */
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
   * Returns the least lead in ms of this process's clock over the remote clock (negative: behind).
   * 0 if the difference is within the bounds; null before the first reading.
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
