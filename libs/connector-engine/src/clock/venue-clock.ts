import { Injectable } from '@nestjs/common';
import {
  BackgroundLoop,
  type ClockReading,
  type Logger,
  monotonicMs,
  RemoteClock,
} from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { InjectStartCheck, type VenueStartCheck } from '../tokens/tokens.js';

/** Tolerated error of a venue clock reading. Every time bound is wider. */
const TOLERATED_MS = 5_000;
/** Agreeing readings, over at least `AGREEING_MS`, that restore trust after a jump. */
const AGREEING_READINGS = 3;
const AGREEING_MS = 1_000;

/**
 * Clock of one venue, from the `Date` header and the time endpoint. All comparisons with venue time
 * use this clock, never the clock of the process.
 */
export class VenueClock {
  private jump: { readonly byMs: number; readonly atMs: number } | null = null;
  private agreed = 0;
  private readAtMs: number | null = null;
  private jumpCount = 0;

  constructor(
    readonly venue: string,
    private readonly logger: Logger,
    private readonly clock = new RemoteClock(),
    private readonly monotonic: () => number = monotonicMs,
  ) {}

  /** Records a reading. After a jump, sending stops until the readings agree again. */
  observe(reading: ClockReading): void {
    const byMs = this.clock.observe(reading);
    this.readAtMs = this.monotonic();
    if (Math.abs(byMs) > TOLERATED_MS) {
      this.jump = { byMs, atMs: this.readAtMs };
      this.agreed = 0;
      this.jumpCount++;
      this.logger.error(
        { venue: this.venue, jumpedByMs: byMs },
        'the clock of the venue jumped: orders are not sent until its readings agree again',
      );
    } else if (
      this.jump !== null &&
      ++this.agreed >= AGREEING_READINGS &&
      this.readAtMs - this.jump.atMs >= AGREEING_MS
    ) {
      this.jump = null;
      this.logger.warn(
        { venue: this.venue, fault: this.fault() },
        'the readings of the venue’s clock agree again',
      );
    }
  }

  /** Earliest possible venue time; null before the first reading. Stored before a request leaves. */
  earliest(): Date | null {
    return this.clock.range()?.earliest ?? null;
  }

  /** Latest possible venue time now: the end of a record window. Null before the first reading. */
  latest(): Date | null {
    return this.clock.range()?.latest ?? null;
  }

  /** Age of the newest reading in milliseconds; null before the first reading. */
  ageMs(): number | null {
    return this.readAtMs === null ? null : this.monotonic() - this.readAtMs;
  }

  /** Number of clock jumps. Venue times before and after a jump are not comparable. */
  get jumps(): number {
    return this.jumpCount;
  }

  /** Milliseconds by which this process is ahead of the venue, as far as proven; null unknown. */
  processIsAheadMs(): number | null {
    return this.clock.processIsAheadMs();
  }

  /** Reason why comparisons with venue time prove no fact now; null if the venue time is known. */
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

  /** Reason why sending must stop now; null if this process's clock agrees with a known venue time. */
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

const LOOK_MS = 500;
const FRESH_MS = 60_000;
const ASK_AGAIN_MS = 1_000;

/** Takes a reading by the venue's time endpoint: Unix ms. False if `ask` gives no number. */
export async function readVenueTime(
  clock: Pick<VenueClock, 'observe'>,
  ask: () => Promise<unknown>,
): Promise<boolean> {
  const askedAtMs = monotonicMs();
  const timeMs = await ask();
  if (typeof timeMs !== 'number') return false;
  clock.observe({ timeMs, askedAtMs, answeredAtMs: monotonicMs() });
  return true;
}

/** Reads the venue's clock while no other request does, more often during a fault. */
@Injectable()
export class ClockKeeper {
  readonly loop: BackgroundLoop;
  private lastFault: string | null = null;

  constructor(
    private readonly clock: VenueClock,
    @InjectStartCheck() private readonly venue: Pick<VenueStartCheck, 'readClock'>,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = new BackgroundLoop('clock of the venue', logger, () => this.step());
  }

  private async step(): Promise<number> {
    const fault = this.clock.fault();
    const age = this.clock.ageMs();
    if (age !== null) this.log(fault); // before the first answer the start-up check logs the reason
    if (age !== null && age < (fault === null ? FRESH_MS : ASK_AGAIN_MS)) return LOOK_MS;
    await this.venue.readClock();
    return fault === null ? LOOK_MS : ASK_AGAIN_MS;
  }

  /** Logs a fault at its beginning and end, because the figures change with every reading. */
  private log(fault: string | null): void {
    if (fault !== null && this.lastFault === null)
      this.logger.error({ fault }, 'orders are not sent because the clocks differ');
    if (fault === null && this.lastFault !== null) this.logger.warn({}, 'the clocks agree again');
    this.lastFault = fault;
  }
}
