import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bitmartCommands, type Message } from '@sluice/messages';

/** `venue.bitmart.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BitmartCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(bitmartCommands)
  async onBatch(batch: readonly Message<typeof bitmartCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
