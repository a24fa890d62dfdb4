import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { InjectStartCheck, type VenueStartCheck } from '../tokens/tokens.js';
import { VenueClock } from './venue-clock.js';

const LOOK_MS = 500;
const FRESH_MS = 60_000;
const ASK_AGAIN_MS = 1_000;

/**
 * Reads the venue's clock while no other request does, because a reading becomes less exact with
 * age. During a clock fault the readings are more frequent, and sending resumes as soon as
 * possible.
 */
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

  /**
   * Logs a fault once at the beginning and once at the end, because the figures change with every
   * reading.
   */
  private log(fault: string | null): void {
    if (fault !== null && this.lastFault === null)
      this.logger.error({ fault }, 'orders are not sent because the clocks differ');
    if (fault === null && this.lastFault !== null) this.logger.warn({}, 'the clocks agree again');
    this.lastFault = fault;
  }
}
