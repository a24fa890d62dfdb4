import { Controller, Inject } from '@nestjs/common';
import { ConnectorRuntime } from '@sluice/connector-runtime';
import { BatchHandler } from '@sluice/kafka';
import { gateioCommands, type Message } from '@sluice/messages';

/** `venue.gateio.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class GateioCommandsConsumer {
  constructor(@Inject(ConnectorRuntime) private readonly runtime: ConnectorRuntime) {}

  @BatchHandler(gateioCommands)
  async onBatch(batch: readonly Message<typeof gateioCommands>[]): Promise<void> {
    await this.runtime.intake.take(batch);
  }
}
