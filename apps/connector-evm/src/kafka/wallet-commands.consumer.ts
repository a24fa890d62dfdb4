import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { walletCommands, type Message } from '@sluice/messages';

/** `venue.wallet.commands`: stores the intents; a separate worker sends them. */
@Controller()
export class WalletCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(walletCommands)
  async onBatch(batch: readonly Message<typeof walletCommands>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
