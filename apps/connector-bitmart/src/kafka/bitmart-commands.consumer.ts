import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bitmartCommands, type Message } from '@sluice/messages';

/** Consumer of `venue.bitmart.commands`: stores the intents. A separate worker sends them. */
@Controller()
export class BitmartCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(bitmartCommands)
  async onBatch(batch: readonly Message<typeof bitmartCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
