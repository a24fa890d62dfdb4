import { Controller, Inject } from '@nestjs/common';
import { ConnectorRuntime } from '@sluice/connector-runtime';
import { BatchHandler } from '@sluice/kafka';
import { bitmartCommands, type Message } from '@sluice/messages';

/** `venue.bitmart.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BitmartCommandsConsumer {
  constructor(@Inject(ConnectorRuntime) private readonly runtime: ConnectorRuntime) {}

  @BatchHandler(bitmartCommands)
  async onBatch(batch: readonly Message<typeof bitmartCommands>[]): Promise<void> {
    await this.runtime.intake.take(batch);
  }
}
