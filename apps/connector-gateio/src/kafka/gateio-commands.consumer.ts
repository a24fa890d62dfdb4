import { Controller } from '@nestjs/common';
import { CommandHandler } from '@sluice/connector-engine';
import { BatchHandler } from '@sluice/kafka';
import { venueCommands, type Message } from '@sluice/messages';

const TOPIC = venueCommands('gateio');

/** Consumer of `venue.gateio.commands`: stores the intents. A separate worker sends them. */
@Controller()
export class GateioCommandsConsumer {
  constructor(private readonly commands: CommandHandler) {}

  @BatchHandler(TOPIC)
  async onBatch(batch: readonly Message<typeof TOPIC>[]): Promise<void> {
    await this.commands.handle(batch);
  }
}
