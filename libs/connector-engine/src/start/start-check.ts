import { Inject, Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Health, InjectLogger, registerClockGauge } from '@sluice/service-shell';
import { InjectStartCheck, VENUE_LOOPS, type VenueStartCheck } from '../tokens/tokens.js';
import { SendGate } from '../worker/send-gate.js';

const CHECK_AGAIN_MS = 5_000;
const IDLE_MS = 3_600_000;

/**
 * Repeats the start-up check until passed. The loops with venue queries start afterwards; the
 * workers send once the venue's records are read (`RecordReader`).
 */
@Injectable()
export class StartCheck {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly gate: SendGate,
    @InjectStartCheck() private readonly venue: VenueStartCheck,
    @Inject(VENUE_LOOPS) private readonly venueLoops: readonly BackgroundLoop[],
    @InjectLogger() private readonly logger: Logger,
    health: Health,
  ) {
    this.loop = new BackgroundLoop('start-up check', logger, () => this.check());
    health.add('connector', () => this.faults());
    registerClockGauge('venue', gate.clock);
  }

  /** Must be called after `loop` has stopped, because a passed check starts these loops. */
  async stopVenueLoops(): Promise<void> {
    await Promise.all(this.venueLoops.map((loop) => loop.stop()));
  }

  /** Readiness faults beyond the faults of the platform. */
  private faults(): readonly string[] {
    const { startFault, clock } = this.gate;
    return [startFault, clock.fault()].flatMap((fault) =>
      fault === null ? [] : [`${clock.venue}: ${fault}`],
    );
  }

  private async check(): Promise<number> {
    if (this.gate.startFault === null) return IDLE_MS;
    this.gate.startFault = await this.venue.fault();
    if (this.gate.startFault !== null) {
      this.logger.error(
        { fault: this.gate.startFault },
        'orders are not sent: the start-up check failed and will be repeated',
      );
      return CHECK_AGAIN_MS;
    }
    for (const loop of this.venueLoops) loop.start();
    return IDLE_MS;
  }
}
