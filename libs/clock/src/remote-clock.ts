import { monotonicMs, processTime } from './process-clock.js';

/** One reading of a clock of another machine. */
export interface ClockReading {
  /** Its time, in milliseconds since 1970. */
  readonly timeMs: number;
  /** It was read at some moment between these two, by `monotonicMs`. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** Its resolution in milliseconds: a `Date` header is cut to whole seconds, so 1,000. */
  readonly stepMs?: number;
}

/** Two clocks ordinarily drift apart by up to this much of the time that passes, so the bounds of a reading widen with its age. */
const DRIFT = 200e-6;

/**
 * The clock of another machine (the database, a venue), estimated from its readings and a monotonic clock. Each reading bounds the
 * difference of the two from both sides; readings that agree narrow it. A reading that contradicts the earlier ones is believed, for it is
 * the newer one, and `observe` reports it as a jump.
 */
export class RemoteClock {
  private bounds: { readonly from: number; readonly to: number; readonly atMs: number } | null =
    null;

  constructor(
    private readonly monotonic: () => number = monotonicMs,
    private readonly processClock: () => Date = processTime,
  ) {}

  /** Returns by how many milliseconds the clock has jumped against its earlier readings; 0 when they agree. */
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

  /** Its time now, as well as it is known; null before the first reading. */
  now(): Date | null {
    const bounds = this.aged(this.monotonic());
    return bounds && new Date(Math.round((bounds.from + bounds.to) / 2 + this.monotonic()));
  }

  /** The earliest and the latest that it can be there now; null before the first reading. */
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

  /** By how many milliseconds at least this process's clock is ahead of it (negative: behind); 0 within what the readings leave open, null before the first. */
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
