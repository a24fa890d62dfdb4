import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { gateioCommands, type Message } from '@sluice/messages';

/** Consumer of `venue.gateio.commands`: stores the intents. A separate worker sends them. */
@Controller()
export class GateioCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(gateioCommands)
  async onBatch(batch: readonly Message<typeof gateioCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
