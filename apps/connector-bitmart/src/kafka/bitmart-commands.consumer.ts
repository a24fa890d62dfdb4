import { Controller, Inject } from '@nestjs/common';
import { ConnectorEngine } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bitmartCommands, type Message } from '@sluice/messages';

/** `venue.bitmart.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BitmartCommandsConsumer {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @BatchHandler(bitmartCommands)
  async onBatch(batch: readonly Message<typeof bitmartCommands>[]): Promise<void> {
    await this.engine.commands.handle(batch);
  }
}
