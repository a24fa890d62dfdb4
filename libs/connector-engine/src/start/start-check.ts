import { Inject, Injectable } from '@nestjs/common';
import { Database, untilReachable } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import {
  haltAtStart,
  Health,
  InjectConfig,
  InjectLogger,
  registerClockGauge,
} from '@sluice/service-shell';
import { AssetRefresh } from '../assets/venue-assets.js';
import { Heartbeat } from '../confirm/heartbeat.js';
import { RestoredDatabase } from '../confirm/restored-database.js';
import { RatePlan } from '../rate/rate-plan.js';
import { InjectStartCheck, VENUE_LOOPS, type VenueStartCheck } from '../tokens/tokens.js';
import { SendGate } from '../worker/send-gate.js';

/** Limits of sending by the settings, stored in the database for all instances. */
@Injectable()
export class ConfiguredLimits {
  constructor(
    private readonly ratePlan: RatePlan,
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: { readonly startHalted: string | null },
  ) {}

  async install(): Promise<void> {
    await this.ratePlan.install();
  }

  haltAtStart(): Promise<void> {
    return haltAtStart(this.database, this.config, this.logger);
  }
}

/** Prepares the database for this process, before any loop starts. */
@Injectable()
export class PrepareSending {
  constructor(
    private readonly restored: RestoredDatabase,
    private readonly limits: ConfiguredLimits,
    private readonly assets: AssetRefresh,
    private readonly heartbeat: Heartbeat,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    this.restored.watch();
    await untilReachable(
      async () => {
        await this.limits.install();
        await this.assets.look();
        await this.heartbeat.begin();
      },
      (error) => this.logger.warn({ err: error }, 'the rate plan waits for the database'),
    );
    await this.limits.haltAtStart();
  }
}

const CHECK_AGAIN_MS = 5_000;
const IDLE_MS = 3_600_000;

/** Repeats the start-up check until passed. Then the loops start; sending waits for the record. */
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
