import { Controller, Inject } from '@nestjs/common';
import { ConnectorEngine } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { gateioCommands, type Message } from '@sluice/messages';

/** `venue.gateio.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class GateioCommandsConsumer {
  constructor(@Inject(ConnectorEngine) private readonly engine: ConnectorEngine) {}

  @BatchHandler(gateioCommands)
  async onBatch(batch: readonly Message<typeof gateioCommands>[]): Promise<void> {
    await this.engine.commands.handle(batch);
  }
}
