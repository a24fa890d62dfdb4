import { Controller, Inject } from '@nestjs/common';
import { ConnectorEngine } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { upvestCommands, type Message } from '@sluice/messages';

/** `venue.upvest.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class UpvestCommandsConsumer {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @BatchHandler(upvestCommands)
  async onBatch(batch: readonly Message<typeof upvestCommands>[]): Promise<void> {
    await this.engine.commands.handle(batch);
  }
}
