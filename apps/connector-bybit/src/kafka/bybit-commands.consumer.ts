import { Controller, Inject } from '@nestjs/common';
import { ConnectorEngine } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bybitCommands, type Message } from '@sluice/messages';

/** `venue.bybit.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BybitCommandsConsumer {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @BatchHandler(bybitCommands)
  async onBatch(batch: readonly Message<typeof bybitCommands>[]): Promise<void> {
    await this.engine.commands.handle(batch);
  }
}
