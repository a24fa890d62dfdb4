import { Controller, Inject } from '@nestjs/common';
import { ConnectorRuntime } from '@sluice/connector-runtime';
import { BatchHandler } from '@sluice/kafka';
import { upvestCommands, type Message } from '@sluice/messages';

/** `venue.upvest.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class UpvestCommandsConsumer {
  constructor(@Inject(ConnectorRuntime) private readonly runtime: ConnectorRuntime) {}

  @BatchHandler(upvestCommands)
  async onBatch(batch: readonly Message<typeof upvestCommands>[]): Promise<void> {
    await this.runtime.intake.take(batch);
  }
}
