import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { venueCommands, WALLET, type Message } from '@sluice/messages';

const TOPIC = venueCommands(WALLET);

/** `venue.wallet.commands`: stores the intents; a separate worker sends them. */
@Controller()
export class WalletCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(TOPIC)
  async onBatch(batch: readonly Message<typeof TOPIC>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
