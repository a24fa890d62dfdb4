import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { auditorPermits } from '@sluice/messages';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { InjectLogger, InjectPlatform, type Platform } from '@sluice/service-shell';
import { InjectCapabilities } from '../tokens/tokens.js';
import { PermitWatch } from './permit-watch.js';

const EVERY_MS = 5_000;
/** The auditor renews a permit of two minutes every 30 seconds. */
const LATE_MS = 60_000;
/** Records read of each partition: the newest permit of every venue is among them. */
const READ = 200;

/**
 * Reads permits from the topic itself while the consumer group delivers none, for example during a
 * long rebalance: the instances would send nothing without a permit.
 */
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
