import { Controller, Inject } from '@nestjs/common';
import { ConnectorRuntime } from '@sluice/connector-runtime';
import { BatchHandler } from '@sluice/kafka';
import { bybitCommands, type Message } from '@sluice/messages';

/** `venue.bybit.commands`: intents are stored here; what sends them runs by itself. */
@Controller()
export class BybitCommandsConsumer {
  constructor(@Inject(ConnectorRuntime) private readonly runtime: ConnectorRuntime) {}

  @BatchHandler(bybitCommands)
  async onBatch(batch: readonly Message<typeof bybitCommands>[]): Promise<void> {
    await this.runtime.intake.take(batch);
  }
}
