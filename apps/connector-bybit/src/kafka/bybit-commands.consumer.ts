import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { bybitCommands, type Message } from '@sluice/messages';

/** `venue.bybit.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BybitCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(bybitCommands)
  async onBatch(batch: readonly Message<typeof bybitCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
