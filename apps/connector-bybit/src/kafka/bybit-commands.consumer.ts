import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bybitCommands, type Message } from '@sluice/messages';

/** Consumer of `venue.bybit.commands`: stores the intents. A separate worker sends them. */
@Controller()
export class BybitCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(bybitCommands)
  async onBatch(batch: readonly Message<typeof bybitCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
