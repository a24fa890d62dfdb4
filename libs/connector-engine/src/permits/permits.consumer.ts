import { Controller } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { BatchHandler } from '@sluice/kafka';
import { auditorPermits, type Message } from '@sluice/messages';
import { InjectCapabilities } from '../tokens/tokens.js';
import { PermitWatch } from './permit-watch.js';

/** Consumer of `auditor.permits`: keeps the newest permit of this venue. */
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
