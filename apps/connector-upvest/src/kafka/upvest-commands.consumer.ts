import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { upvestCommands, type Message } from '@sluice/messages';

/** Consumer of `venue.upvest.commands`: stores the intents. A separate worker sends them. */
@Controller()
export class UpvestCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(upvestCommands)
  async onBatch(batch: readonly Message<typeof upvestCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
