import { Controller, type Type } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { venueCommands, type Message, type VenueCommands } from '@sluice/messages';
import { CommandHandler } from './command-handler.js';

/**
 * Returns the consumer of `venue.<venue>.commands`: stores the intents; a separate worker sends
 * them. The topic of a venue account is known only after the settings are read.
 */
export function commandsConsumerOf(venue: string): Type {
  @Controller()
  class CommandsConsumer {
    constructor(private readonly commands: CommandHandler) {}

    @BatchHandler(venueCommands(venue))
    async onBatch(batch: readonly Message<VenueCommands>[]): Promise<void> {
      await this.commands.handle(batch);
    }
  }
  return CommandsConsumer;
}
