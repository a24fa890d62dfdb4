import { Controller, Injectable, type Provider } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { BatchHandler } from '@sluice/kafka';
import { auditorPermits, type Message } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger, processTime } from '@sluice/runtime';
import {
  CONFIG,
  InjectLogger,
  InjectPlatform,
  LOGGER,
  Permits,
  permitsCheck,
  type PermitSettings,
  type Platform,
  SelfChecks,
} from '@sluice/service-shell';
import { InjectCapabilities, VENUE_CAPABILITIES } from '../tokens/tokens.js';
import { PermitWatch } from './permit-watch.js';

@Controller()
export class PermitsConsumer {
  constructor(
    private readonly watch: PermitWatch,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'venue'>,
  ) {}

  @BatchHandler(auditorPermits)
  async onBatch(batch: readonly Message<typeof auditorPermits>[]): Promise<void> {
    const { venue } = this.capabilities;
    await this.watch.learn(
      batch.filter(({ data }) => data.venue === venue).map(({ data }) => data.permit),
    );
  }
}

const EVERY_MS = 5_000;
/** The auditor renews a permit of two minutes every 30 seconds. */
const LATE_MS = 60_000;
/** Records read of each partition: the newest permit of every venue is among them. */
const READ = 200;

/** Reads permits from the topic itself while the consumer group delivers none, as in a rebalance. */
@Injectable()
export class LatePermits {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly watch: PermitWatch,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'venue'>,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
    @InjectLogger() logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(EVERY_MS, 'late permits', logger, () => this.look());
  }

  async look(): Promise<void> {
    const { areRequired, held } = this.watch.permits;
    if (!areRequired || held.leftMs() > LATE_MS) return;
    const newest = (await this.platform.readNewest?.(auditorPermits, READ)) ?? [];
    const own = newest.filter(({ data }) => data.venue === this.capabilities.venue);
    await this.watch.learn(own.map(({ data }) => data.permit));
  }
}

export const PERMITS: Provider = {
  provide: Permits,
  useFactory: (
    { venue }: VenueCapabilities,
    settings: PermitSettings,
    { clock }: Database,
    logger: Logger,
    checks: SelfChecks,
  ) => {
    const clocks = () => [processTime().getTime(), clock.now().getTime()];
    const permits = new Permits({ venue, settings, clocks, logger });
    checks.add(permitsCheck(permits));
    return permits;
  },
  inject: [VENUE_CAPABILITIES, CONFIG, Database, LOGGER, SelfChecks],
};
