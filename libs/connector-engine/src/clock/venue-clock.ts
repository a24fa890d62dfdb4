import type { Logger } from '@sluice/background';
import { monotonicMs, RemoteClock, type ClockReading } from '@sluice/clock';

/** A venue's clock may be read wrongly by so much without anything being decided wrongly: every bound is wider than that. */
const TOLERATED_MS = 5_000;
/** After a jump so many readings have to agree, over so long, before it is believed again. */
const AGREEING_READINGS = 3;
const AGREEING_MS = 1_000;

/**
 * One venue's clock, read from the `Date` header of its answers and from its time endpoint. Everything that is compared with an
 * instant of the venue (signatures, windows of records, bounds) is compared with this; the clock of the process takes no part.
 */
export class VenueClock {
  private jump: { readonly byMs: number; readonly atMs: number } | null = null;
  private agreed = 0;
  private readAtMs: number | null = null;
  private jumpCount = 0;

  constructor(
    private readonly venue: string,
    private readonly logger: Logger,
    private readonly clock = new RemoteClock(),
    private readonly monotonic: () => number = monotonicMs,
  ) {}

  /** Every answer of the venue is one. A jump of its clock is logged, and nothing is sent until its readings agree again. */
  observe(reading: ClockReading): void {
    const byMs = this.clock.observe(reading);
    this.readAtMs = this.monotonic();
    if (Math.abs(byMs) > TOLERATED_MS) {
      this.jump = { byMs, atMs: this.readAtMs };
      this.agreed = 0;
      this.jumpCount++;
      this.logger.error(
        { venue: this.venue, jumpedByMs: byMs },
        'the clock of the venue has jumped: nothing is sent until its readings agree again',
      );
    } else if (
      this.jump !== null &&
      ++this.agreed >= AGREEING_READINGS &&
      this.readAtMs - this.jump.atMs >= AGREEING_MS
    ) {
      this.jump = null;
      this.logger.warn({ venue: this.venue }, 'the readings of the clock of the venue agree again');
    }
  }

  /** The earliest that it can be there now: what is stored before a request leaves, and what signatures say. Null before the first reading. */
  earliest(): Date | null {
    return this.clock.range()?.earliest ?? null;
  }

  /** The latest that it can be there now: where a window of records ends. */
  latest(): Date | null {
    return this.clock.range()?.latest ?? null;
  }

  /** How old the newest reading is; null before the first. */
  ageMs(): number | null {
    return this.readAtMs === null ? null : this.monotonic() - this.readAtMs;
  }

  /** How often its clock has jumped: what was asked before and after a jump cannot be compared. */
  get jumps(): number {
    return this.jumpCount;
  }

  /** By how much this process's clock is ahead of it (negative: behind), as far as the readings prove it. */
  processIsAheadMs(): number | null {
    return this.clock.processIsAheadMs();
  }

  /** Why nothing that is compared with its time proves anything now; null when it is known. */
  unknownBecause(): string | null {
    const range = this.clock.range();
    if (range === null) return `the time of ${this.venue} is not known: it has not answered yet`;
    if (this.jump !== null)
      return `the clock of ${this.venue} has jumped by ${seconds(this.jump.byMs)}, and its readings do not agree yet`;
    const vagueMs = range.latest.getTime() - range.earliest.getTime();
    return vagueMs > TOLERATED_MS
      ? `the time of ${this.venue} is not known well enough: it has not answered for long`
      : null;
  }

  /** Why nothing may be sent now; null when its time is known and the clock of this process agrees with it. */
  fault(): string | null {
    const unknown = this.unknownBecause();
    if (unknown !== null) return unknown;
    const aheadMs = this.clock.processIsAheadMs() ?? 0;
    if (Math.abs(aheadMs) <= TOLERATED_MS) return null;
    const side = aheadMs > 0 ? 'ahead of' : 'behind';
    return `the clock of this process is ${seconds(Math.abs(aheadMs))} ${side} that of ${this.venue}: nothing is sent until it is set right`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
